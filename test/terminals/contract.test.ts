import { terminalBackendContract } from "../contract/terminal-backend.contract.ts";
import { iterm2Profiles } from "../support/iterm2-profiles.ts";
import { makeFakeHarness } from "./fake/fake-harness.ts";
import { makeHeadlessHarness } from "./headless/headless-harness.ts";
import { makeIterm2Harness } from "./iterm2/iterm2-harness.ts";
import { makeTmuxHarness } from "./tmux/tmux-harness.ts";

terminalBackendContract("tmux", () => makeTmuxHarness());
terminalBackendContract("fake", () => makeFakeHarness());
terminalBackendContract("headless", () => makeHeadlessHarness());
for (const profile of iterm2Profiles()) {
  terminalBackendContract(`R1-55: iterm2 ${profile}`, () => makeIterm2Harness({ server: { profile } }));
}
