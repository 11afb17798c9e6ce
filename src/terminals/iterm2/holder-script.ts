/**
 * What iTerm2 runs for one terminal, for any POSIX shell. It becomes the holder of the program: iTerm2 tells nobody how a
 * program ended, so somebody must wait for it and write the exit code down. Signals to the whole group, and the hang-up
 * of a closed pane, are for the program: the holder only notes them. A handler, unlike `trap ""`, is not inherited.
 *
 * It runs once. iTerm2 runs the command of a pane again when a person restarts the session, or when its windows are
 * restored after a reboot: that would be a second agent.
 */
export function holderScript(folder: string, launcher: string): string {
  return `#!/bin/sh
# Written by claude-orch for one program in iTerm2.
folder=${quoted(folder)}
note() { (umask 077; echo "$2" >"$folder/$1.new") && command -p mv -f "$folder/$1.new" "$folder/$1"; }
if [ "\${1-}" = program ]; then
  note pid $$ || exit 126
  exec ${quoted(launcher)}
fi
if [ -e "$folder/holder" ]; then
  echo 'claude-orch: this terminal was used already' >&2
  exit 1
fi
trap : HUP INT TERM QUIT
note holder "$$ \${ITERM_SESSION_ID-}" || exit 126
/bin/sh "$0" program
note exit $?
`;
}

/** The text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
