import { terminalBackendContract } from "../contract/terminal-backend.contract.ts";
import { makeFakeHarness } from "./fake/fake-harness.ts";
import { makeHeadlessHarness } from "./headless/headless-harness.ts";
import { makeTmuxHarness } from "./tmux/tmux-harness.ts";

terminalBackendContract("tmux", () => makeTmuxHarness());
terminalBackendContract("fake", () => makeFakeHarness());
terminalBackendContract("headless", () => makeHeadlessHarness());
