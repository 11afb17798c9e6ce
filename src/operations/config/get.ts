import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { nearNames } from "../../core/near-names.ts";
import { SETTINGS } from "../../core/settings.ts";
import { defineOperation } from "../operation.ts";
import { settingView, toSettingView } from "./entries.ts";

export const configGet = defineOperation({
  name: "config.get",
  title: "Get a setting",
  summary: "Show one setting and where its value comes from",
  description:
    "Shows the value of one setting that is in force here, and whether it comes from a flag, the environment, the project, the user's configuration or the default.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ name: z.string().min(1).describe("Name of the setting") }),
  output: z.object({ setting: settingView }),
  errors: ["CONFIG_KEY_UNKNOWN"],
  cli: { args: ["name"], examples: ["config get maxAgents"] },
  async run({ name }, context) {
    const entry = context.settingsSource.entries().find((candidate) => candidate.name === name);
    if (entry) return { setting: toSettingView(entry) };
    const near = nearNames(name, Object.keys(SETTINGS));
    throw new AppError("CONFIG_KEY_UNKNOWN", `There is no setting ${JSON.stringify(name)}`, {
      ...(near.length > 0
        ? { hint: `Did you mean ${near.join(" or ")}? claude-orch config list shows them all.` }
        : {}),
      details: { name, near },
    });
  },
});
