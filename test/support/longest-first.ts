import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, most seconds first: started last, one of these would run alone while the other workers have nothing left. */
const LONGEST = [
  "operations/state-model.property",
  "e2e/state-matrix",
  "e2e/main-job",
  "e2e/crash-recovery",
  "e2e/delivery",
  "e2e/respond",
  "e2e/restore",
  "e2e/limits",
  "operations/messages",
  "surfaces/cli/bad-input",
  "surfaces/cli/tasks",
  "e2e/headless",
  "e2e/adopt",
  "e2e/launch-problems",
  "e2e/independent-client",
  "claude/requests/by-keys",
  "terminals/iterm2/random.property",
  "e2e/",
];

/** Runs the longest test files first, wherever they run for the first time; a machine that has run them knows their times. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}`));
      return found < 0 ? LONGEST.length : found;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}
