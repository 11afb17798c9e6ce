import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import type { Arg, Flag } from "@oclif/core/interfaces";
import type * as z from "zod";
import { flagName } from "../operations/field-names.ts";
import type { Operation } from "../operations/operation.ts";

/** What the command line must know of one input field. */
interface Field {
  name: string;
  description: string;
  isRequired: boolean;
  kind: "string" | "integer" | "boolean" | "array";
  options?: readonly string[];
  defaultText?: string;
}

/** Flags of an operation: every field of its input that is neither positional nor behind `--`. */
export function flagsOf(operation: Operation): Record<string, Flag<unknown>> {
  const elsewhere = new Set([...(operation.cli?.args ?? []), operation.cli?.rest, ...(operation.cli?.hidden ?? [])]);
  const flags: Record<string, Flag<unknown>> = {};
  for (const field of fieldsOf(operation.input)) {
    if (!elsewhere.has(field.name)) flags[flagName(field.name)] = toFlag(field) as Flag<unknown>;
  }
  return flags;
}

/** Positional arguments; an array field comes last and takes all that is left. */
export function argsOf(operation: Operation): Record<string, Arg<unknown>> {
  const fields = new Map(fieldsOf(operation.input).map((field) => [field.name, field]));
  const args: Record<string, Arg<unknown>> = {};
  for (const name of operation.cli?.args ?? []) {
    const field = fields.get(name);
    if (!field) continue;
    // Without ignoreStdin, oclif would wait on standard input for those that are not given.
    args[name] = Args.string({
      description: describe(field, operation),
      required: field.isRequired,
      ignoreStdin: true,
    }) as Arg<unknown>;
  }
  return args;
}

/** For parsing: what is missing is found by the operation's schema, so that every surface answers with the same error. */
export function asOptional(args: Record<string, Arg<unknown>>): Record<string, Arg<unknown>> {
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, required: false }]));
}

function describe(field: Field, operation: Operation): string {
  const stdin = operation.cli?.stdin === field.name ? "; '-' reads it from standard input" : "";
  return `${field.description}${stdin}`;
}

export function hasVariadicArgument(operation: Operation): boolean {
  const last = operation.cli?.args?.at(-1);
  return fieldsOf(operation.input).some(({ name, kind }) => name === last && kind === "array");
}

/** Raw values from the command line → the operation's input; what was not given is left out. */
export function toInput(
  operation: Operation,
  flags: Record<string, unknown>,
  positional: readonly string[],
  rest: readonly string[],
) {
  const input: Record<string, unknown> = {};
  const names = operation.cli?.args ?? [];
  for (const field of fieldsOf(operation.input)) {
    const index = names.indexOf(field.name);
    const value =
      index < 0 ? flags[flagName(field.name)] : field.kind === "array" ? positional.slice(index) : positional[index];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) input[field.name] = convert(field, value);
  }
  if (operation.cli?.rest !== undefined && rest.length > 0) input[operation.cli.rest] = rest;
  return input;
}

function convert(field: Field, value: unknown): unknown {
  if (field.kind === "integer" && typeof value === "string") return value.trim() === "" ? value : Number(value);
  return value;
}

function toFlag(field: Field) {
  const common = {
    description: field.description + remark(field),
  };
  const options = field.options ? { options: [...field.options] } : {};
  switch (field.kind) {
    case "boolean":
      return Flags.boolean(common);
    case "array":
      return Flags.string({
        ...common,
        ...options,
        multiple: true,
        multipleNonGreedy: true,
        ...(field.options ? { delimiter: "," as const } : {}),
      });
    case "integer":
      return Flags.string({ ...common, helpValue: "<number>" });
    case "string":
      return Flags.string({ ...common, ...options });
  }
}

/** Whether a flag is required is for the operation's schema to refuse; the help only tells it. */
function remark({ isRequired, kind, defaultText }: Field): string {
  if (defaultText !== undefined) return ` [default: ${defaultText}]`;
  return isRequired && kind !== "boolean" ? " (required)" : "";
}

function fieldsOf(schema: z.ZodObject): Field[] {
  return Object.entries(schema.shape).map(([name, type]) => toField(name, type as z.ZodType));
}

function toField(name: string, type: z.ZodType): Field {
  let inner = type;
  let description = type.description;
  let isRequired = true;
  let defaultText: string | undefined;
  for (;;) {
    const { def } = inner as unknown as {
      def: { type: string; innerType?: z.ZodType; defaultValue?: unknown; element?: z.ZodType };
    };
    if ((def.type === "optional" || def.type === "default" || def.type === "nullable") && def.innerType) {
      isRequired = false;
      if (def.type === "default" && typeof def.defaultValue === "string") defaultText = def.defaultValue;
      inner = def.innerType;
      description ??= inner.description;
      continue;
    }
    const options = optionsOf(inner) ?? (def.type === "array" && def.element ? optionsOf(def.element) : undefined);
    const kind =
      def.type === "boolean"
        ? "boolean"
        : def.type === "number"
          ? "integer"
          : def.type === "array"
            ? "array"
            : "string";
    return {
      name,
      description: description ?? "",
      isRequired,
      kind,
      ...(options ? { options } : {}),
      ...(defaultText === undefined ? {} : { defaultText }),
    };
  }
}

function optionsOf(type: z.ZodType): string[] | undefined {
  const { def } = type as unknown as { def: { type: string; entries?: Record<string, string> } };
  return def.type === "enum" && def.entries ? Object.values(def.entries) : undefined;
}
