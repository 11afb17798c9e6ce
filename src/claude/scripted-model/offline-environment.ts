import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Made up; Claude Code only has to have one, and to have been told that it may be used (claude-code-facts §1). */
const API_KEY = "sk-ant-made-up-for-the-scripted-model-0001";

/** What a program needs of the machine, and nothing that belongs to the user's account. */
const KEPT = ["PATH", "SHELL", "LANG", "LC_ALL", "TERM", "TZ", "USER", "LOGNAME", "TMUX_TMPDIR"];

/**
 * The environment of a Claude Code that talks to a scripted model only, with a HOME and a configuration of its own below
 * `root` in which it starts without any dialog.
 */
export async function offlineEnvironment(options: {
  root: string;
  modelUrl: string;
  ambient: Record<string, string>;
}): Promise<Record<string, string>> {
  const [home, configDir, temporary] = ["home", "claude", "tmp"].map((name) => join(options.root, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([home, configDir, temporary].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  const answered = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
    projects: { [options.root]: { hasTrustDialogAccepted: true } },
  };
  await writeFile(join(configDir, ".claude.json"), JSON.stringify(answered), { mode: 0o600 });
  return {
    ...Object.fromEntries(
      KEPT.flatMap((name) => (options.ambient[name] === undefined ? [] : [[name, options.ambient[name]]])),
    ),
    HOME: home,
    CLAUDE_CONFIG_DIR: configDir,
    TMPDIR: temporary,
    ANTHROPIC_BASE_URL: options.modelUrl,
    ANTHROPIC_API_KEY: API_KEY,
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    // Its JavaScript engine optimises for hours; such an agent lives for seconds and never earns back what that costs.
    BUN_JSC_useDFGJIT: "0",
    BUN_JSC_useConcurrentJIT: "0",
  };
}
