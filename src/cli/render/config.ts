import { type Output, printable } from "../output.ts";
import { formatTable } from "./table.ts";

interface Setting {
  name: string;
  value: string | number | boolean | null;
  origin: string;
  about: string;
}

const text = (value: Setting["value"]) => (value === null ? "-" : String(value));

export function renderSettings({ settings }: { settings: Setting[] }, output: Output): void {
  const columns = [
    { title: "setting", value: (setting: Setting) => setting.name },
    { title: "value", value: (setting: Setting) => text(setting.value) },
    { title: "from", value: (setting: Setting) => setting.origin },
    { title: "about", value: (setting: Setting) => setting.about, isElastic: true },
  ];
  output.data(formatTable(settings, columns, output));
}

export function renderSetting({ setting }: { setting: Setting }, output: Output): void {
  output.data(printable(text(setting.value)));
}
