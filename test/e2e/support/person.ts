import { type Iterm2Server, startIterm2Server } from "../../support/iterm2-server/server.ts";

/** Somebody in front of the terminals that agents live in. */
export interface Person {
  /** Variables for each command that this person starts. */
  env(): Record<string, string>;
  /** Types into a terminal, key by key. */
  type(terminal: string | null, text: string): Promise<void>;
  /** As when the machine is restarted: every terminal and every program in one is gone. */
  endTerminals(): Promise<void>;
  /** How many there are. */
  terminals(): Promise<number>;
  /** The fake iTerm2, where it is one. */
  iterm2?: Iterm2Server;
  /** Ends what belongs to the person. @throws Error when an iTerm2 was treated as none may be */
  leave(): Promise<void>;
}

export function tmuxPerson(tmux: (...args: string[]) => Promise<string>): Person {
  return {
    env: () => ({}),
    async type(terminal, text) {
      const keys = text === "\r" ? ["Enter"] : ["-l", text];
      await tmux("send-keys", "-t", terminal ?? "", ...keys);
    },
    async endTerminals() {
      await tmux("kill-server");
    },
    async terminals() {
      // Without panes there is no server either.
      const listing = await tmux("list-panes", "-a").catch(() => "");
      return listing.split("\n").filter((line) => line !== "").length;
    },
    leave: async () => undefined,
  };
}

/** A fake iTerm2 in this home directory: real programs on ptys, and each command gets a cookie of its own. */
export async function iterm2Person(home: string, profile: "3.6" | "3.7"): Promise<Person> {
  const server = await startIterm2Server({ home, profile, grid: { width: 120, height: 40 } });
  return {
    env() {
      const { cookie, key } = server.cookies.issue();
      return { ITERM2_COOKIE: cookie, ITERM2_KEY: key };
    },
    async type(terminal, text) {
      const session = server.model.session(terminal ?? "");
      if (!session) throw new Error(`iTerm2 has no session ${terminal}`);
      session.program.write(Buffer.from(text));
    },
    async endTerminals() {
      await server.stop();
      for (const { program } of server.model.sessions) await program.destroy();
      server.model.windows.splice(0);
      await server.start();
    },
    terminals: async () => server.model.sessions.length,
    iterm2: server,
    leave: () => server.dispose(),
  };
}
