import * as z from "zod";
import { defineOperation } from "../operation.ts";
import { settingView, toSettingView } from "./entries.ts";

export const configList = defineOperation({
  name: "config.list",
  title: "List settings",
  summary: "List all settings, their values and where those come from",
  description: "Lists every setting with its value, the place that the value comes from, and what the setting is for.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({}),
  output: z.object({ settings: z.array(settingView) }),
  errors: [],
  cli: { examples: ["config list"] },
  async run(_input, context) {
    return { settings: context.settingsSource.entries().map(toSettingView) };
  },
});
