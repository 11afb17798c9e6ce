import { TERMINAL_VARIABLES } from "./agent-environment.ts";
import { shellQuote } from "./shell-quote.ts";

export interface LauncherParts {
  /** The script's own absolute path: it starts itself again without the terminal server's environment. */
  launcher: string;
  /** File with the environment, in the form of `environmentScript`. */
  environment: string;
  pidFile: string;
  /** Gets what tells this process from a later one with the same pid. */
  processFile: string;
  cwd: string;
  /** Claude Code and its arguments. */
  argv: readonly string[];
}

/**
 * A script for any POSIX shell that turns its process into Claude Code. It runs twice: first to shed the environment of
 * the terminal's server, which belongs to whoever started that server, then to take on the agent's own. That one comes
 * in a file that is gone before it takes effect, since a command line would show it to every user of the machine. No
 * shell stays underneath that could execute a prompt after Claude Code has ended. Beside the pid stands, where the system
 * has it, what tells this process from one that gets the same pid later; `exec` keeps both.
 */
export function launcherScript(parts: LauncherParts): string {
  const environment = shellQuote(parts.environment);
  const kept = TERMINAL_VARIABLES.map((name) => `\${${name}+"${name}=$${name}"}`);
  return `#!/bin/sh
# Written by claude-orch for one launch of one agent.
if [ "\${1-}" != clean ]; then
  exec /usr/bin/env -i ${kept.join(" ")} /bin/sh ${shellQuote(parts.launcher)} clean
fi
fail() { echo "claude-orch: $1" >&2; exit 1; }
agent_environment=$(command -p cat ${environment}) || fail 'this launcher was used already'
command -p rm -f ${environment} || fail 'cannot remove the environment file'
cd ${shellQuote(parts.cwd)} || fail 'the working directory is gone'
(umask 077; if read -r line </proc/$$/stat; then echo "$line" >${shellQuote(parts.processFile)}; fi) 2>/dev/null
(umask 077; echo $$ >${shellQuote(parts.pidFile)}) || fail 'cannot record the process id'
eval "$agent_environment"
unset agent_environment OLDPWD
unset -f fail
exec ${parts.argv.map(shellQuote).join(" ")}
`;
}

/** The environment as a script that a shell evaluates; every value is one quoted word. */
export function environmentScript(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${name}=${shellQuote(value)}\n`)
    .join("");
}
