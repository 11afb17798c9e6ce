/** The iTerm2 that a fake server plays. */
export type Iterm2Profile = "3.6" | "3.7";

/** The profiles to test, by CLAUDE_ORCH_TEST_ITERM2 = 3.6 | 3.7 | both; what long suites save by default. */
export function iterm2Profiles(byDefault: "3.7" | "both" = "both"): Iterm2Profile[] {
  const wish = process.env.CLAUDE_ORCH_TEST_ITERM2 ?? byDefault;
  const profiles = (["3.7", "3.6"] as const).filter((profile) => wish === "both" || wish === profile);
  if (profiles.length === 0) throw new Error(`CLAUDE_ORCH_TEST_ITERM2 must be 3.6, 3.7 or both, not ${wish}`);
  return profiles;
}
