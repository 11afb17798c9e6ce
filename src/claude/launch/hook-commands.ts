import { shellQuote } from "./shell-quote.ts";

/**
 * Appends the event to the spool. Claude Code runs it with /bin/sh and ends the JSON with a newline (2.1.197, 2.1.330).
 *
 * `dd` gathers the event and writes it at once: `cat` would write it in pieces of 128 kB, and tools that end at the
 * same time would mix theirs. The command must not fail: exit code 2, a shell's answer to a missing folder, would
 * refuse the prompt or the tool.
 */
export function spoolCommand(spool: string): string {
  return `dd ibs=65536 obs=16777216 2>/dev/null >>${shellQuote(spool)} || cat >/dev/null`;
}

/**
 * Appends a PermissionRequest to the spool and waits for an answer, which it prints. A person may answer in the terminal
 * meanwhile.
 *
 * It waits in `read` from a FIFO of its own, at no cost. It has the FIFO open before the event can be seen, so that
 * whoever sees the event finds somebody who waits. The FIFO's standing writer is a `cat` that reads from the hook's own
 * standard output: that is one end of a socket whose other end Claude Code holds (seen in 2.1.197 and 2.1.330), so that
 * it ends when Claude Code does, even by SIGKILL, and with it the wait. Where standard output is no such socket, `cat`
 * fails at once, and the wait goes on without that.
 *
 * The event follows an object that names the waiter, in one write. The name is the pid and the time: a pid alone may come
 * again while an old request still looks open. Without a FIFO the hook only appends, like the others.
 *
 * Of a subagent in the background, 2.1.330 shows the dialog only when this hook has ended. It waits all the same: an answer
 * by `agent respond` is sure, and the keys of several dialogs in a row are not.
 *
 * Whatever ends the wait, the hook makes the file of the answer itself if there is none: whoever comes later is told that
 * it is too late, and no answer is taken that nobody prints.
 */
export function permissionCommand(spool: string, requests: string): string {
  const append = spoolCommand(spool);
  return `waiter=$$-$(date +%s)
fifo=${shellQuote(requests)}/$waiter
if mkfifo -m 600 "$fifo" 2>/dev/null; then
  cat <&1 >"$fifo" 2>/dev/null &
  exec 3<"$fifo"
  { printf '{"${WAITER_KEY}":"%s"}' "$waiter"; cat; } | ${append}
  read -r answered <&3 || wait $! || read -r answered <>"$fifo"
  kill $! 2>/dev/null
  (set -C; : >"$fifo.json") 2>/dev/null
  cat "$fifo.json"
  rm -f "$fifo" "$fifo.json"
else
  ${append}
fi`;
}

/** The one field of the object in front of a PermissionRequest in the spool. */
export const WAITER_KEY = "claude_orch_waiter";
