/**
 * The holder of one program, for any POSIX shell: `hold FOLDER LAUNCHER`. It gives the program the FIFO as standard
 * input, opened for reading and writing so that it never comes to its end when a writer leaves, and both outputs as
 * files; waits; and writes the exit code down. Signals to the whole group are for the program: the holder only notes
 * them, or nobody would be left to tell how it ended. A handler, unlike `trap ""`, is not inherited by the program.
 */
export const HOLDER_SCRIPT = `#!/bin/sh
# Written by claude-orch for one program without a terminal.
if [ "$1" = program ]; then
  (umask 077; echo $$ >"$2/pid.new") && command -p mv -f "$2/pid.new" "$2/pid" || exit 126
  exec "$3"
fi
trap : HUP INT TERM QUIT
/bin/sh "$0" program "$1" "$2" <>"$1/in" >>"$1/out.jsonl" 2>>"$1/err.log"
code=$?
(umask 077; echo $code >"$1/exit.new") && command -p mv -f "$1/exit.new" "$1/exit"
`;
