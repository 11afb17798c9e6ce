import { terminalBackendContract } from "../contract/terminal-backend.contract.ts";
import { makeFakeHarness } from "./fake/fake-harness.ts";
import { makeHeadlessHarness } from "./headless/headless-harness.ts";
import { makeIterm2Harness } from "./iterm2/iterm2-harness.ts";
import { makeTmuxHarness } from "./tmux/tmux-harness.ts";

terminalBackendContract("tmux", () => makeTmuxHarness());
terminalBackendContract("fake", () => makeFakeHarness());
terminalBackendContract("headless", () => makeHeadlessHarness());
terminalBackendContract("iterm2 3.7", () => makeIterm2Harness());
terminalBackendContract("iterm2 3.6", () => makeIterm2Harness({ server: { profile: "3.6" } }));
