import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import type { SettingsSource } from "../../core/ports/settings-source.ts";
import { defineOperation } from "../operation.ts";
import { settingView, toSettingView } from "./entries.ts";

const input = z.object({
  name: z.string().min(1).describe("Name of the setting"),
  value: z.string().optional().describe("Its new value"),
  unset: z.boolean().default(false).describe("Remove it, so that the default holds again"),
});

export const configSet = defineOperation({
  name: "config.set",
  title: "Set a setting",
  summary: "Write a setting to your configuration",
  description:
    "Writes one setting to the user's configuration, or removes it with `unset`. An environment variable or project file still wins over it.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input,
  output: z.object({ setting: settingView }),
  errors: ["CONFIG_KEY_UNKNOWN", "CONFIG_VALUE_INVALID", "HOME_NOT_WRITABLE", "STORE_FULL"],
  cli: { args: ["name", "value"], examples: ["config set maxAgents 24", "config set model --unset"] },
  async run(input, context) {
    context.settingsSource.prepareToSet();
    // The store's lock, since it is free again at once when its holder is killed: processes take turns.
    return context.store.transaction(async () => setSetting(input, context.settingsSource));
  },
});

/** @throws INVALID_INPUT, CONFIG_KEY_UNKNOWN, CONFIG_VALUE_INVALID, HOME_NOT_WRITABLE, STORE_FULL */
export function setSetting({ name, value, unset }: z.output<typeof input>, settings: SettingsSource) {
  if (unset === (value !== undefined)) throw new AppError("INVALID_INPUT", "Give a value, or --unset");
  return { setting: toSettingView(settings.set(name, value ?? null)) };
}
