import { AppError } from "../core/errors.ts";
import { nearNames } from "../core/near-names.ts";
import type { Operation } from "../operations/operation.ts";
import { argumentName, toolName } from "./argument-names.ts";
import { itemSchemas, type JsonSchema, jsonSchemaOf, objectSchemas } from "./json-schema.ts";

/** A tool's arguments: their schema in snake_case, and the way back to the operation's own field names. */
export interface ToolInput {
  schema: JsonSchema;
  /** @throws INVALID_INPUT naming every unknown argument */
  toFields(args: Record<string, unknown>): Record<string, unknown>;
}

export function toolInput(operation: Operation): ToolInput {
  const fields = jsonSchemaOf(operation.input, "input");
  return {
    schema: inArgumentNames(fields, fields),
    toFields(args) {
      const unknown: UnknownArgument[] = [];
      const input = toFields(args, [fields], fields, "", unknown) as Record<string, unknown>;
      if (unknown.length > 0) throw unknownArguments(operation, unknown);
      return input;
    },
  };
}

interface UnknownArgument {
  path: string;
  near: string[];
}

function unknownArguments(operation: Operation, unknown: readonly UnknownArgument[]): AppError {
  const names = unknown.map(({ path }) => JSON.stringify(path)).join(", ");
  const near = unknown.flatMap((argument) => argument.near);
  return new AppError("INVALID_INPUT", `${toolName(operation.name)}: unknown argument ${names}`, {
    hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "See the tool's input schema for what it takes.",
    details: { issues: unknown.map(({ path }) => ({ field: path, problem: "unknown argument" })), near },
  });
}

/** Renames every property of a schema; whatever it does not know is left as it is. */
function inArgumentNames(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const each = (list: JsonSchema[]) => list.map((one) => inArgumentNames(one, root));
  const renamed: JsonSchema = { ...schema };
  if (schema.properties) {
    renamed.properties = renamedProperties(schema.properties, root);
    // zod leaves inputs open, because it drops what it does not know; a tool refuses it instead.
    renamed.additionalProperties ??= false;
  }
  if (schema.required) renamed.required = schema.required.map(argumentName);
  if (typeof schema.additionalProperties === "object") {
    renamed.additionalProperties = inArgumentNames(schema.additionalProperties, root);
  }
  if (schema.items) renamed.items = inArgumentNames(schema.items, root);
  if (schema.prefixItems) renamed.prefixItems = each(schema.prefixItems);
  if (schema.anyOf) renamed.anyOf = each(schema.anyOf);
  if (schema.oneOf) renamed.oneOf = each(schema.oneOf);
  if (schema.allOf) renamed.allOf = each(schema.allOf);
  if (schema.$defs) {
    renamed.$defs = Object.fromEntries(
      Object.entries(schema.$defs).map(([name, one]) => [name, inArgumentNames(one, root)]),
    );
  }
  if ("default" in schema) renamed.default = toArguments(schema.default, [schema], root);
  return renamed;
}

function renamedProperties(properties: Record<string, JsonSchema>, root: JsonSchema): Record<string, JsonSchema> {
  const entries = Object.entries(properties).map(([field, one]) => [argumentName(field), inArgumentNames(one, root)]);
  const renamed = Object.fromEntries(entries) as Record<string, JsonSchema>;
  if (Object.keys(renamed).length === entries.length) return renamed;
  throw new AppError("INTERNAL", "Two fields of one object have the same argument name", {
    details: { fields: Object.keys(properties) },
  });
}

function toFields(
  value: unknown,
  schemas: readonly JsonSchema[],
  root: JsonSchema,
  path: string,
  unknown: UnknownArgument[],
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      const itemsOf = schemas.flatMap((schema) => itemSchemas(schema, index, root));
      return toFields(item, itemsOf, root, `${path}[${index}]`, unknown);
    });
  }
  const shapes = schemas.flatMap((schema) => objectSchemas(schema, root));
  if (!isRecord(value) || shapes.length === 0) return value;

  const fields = fieldsByArgument(shapes);
  const open = shapes.flatMap(({ additionalProperties }) => (additionalProperties ? [additionalProperties] : []));
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const place = path === "" ? key : `${path}.${key}`;
    const field = fields.get(key);
    if (field) return [[field.name, toFields(inner, field.schemas, root, place, unknown)] as const];
    if (open.length > 0) {
      const rest = open.filter((schema) => schema !== true);
      return [[key, toFields(inner, rest, root, place, unknown)] as const];
    }
    unknown.push({ path: place, near: nearNames(argumentName(key), [...fields.keys()]) });
    return [];
  });
  return Object.fromEntries(entries);
}

function toArguments(value: unknown, schemas: readonly JsonSchema[], root: JsonSchema): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      toArguments(
        item,
        schemas.flatMap((schema) => itemSchemas(schema, index, root)),
        root,
      ),
    );
  }
  const shapes = schemas.flatMap((schema) => objectSchemas(schema, root));
  if (!isRecord(value) || shapes.length === 0) return value;
  const fields = [...fieldsByArgument(shapes).entries()];
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const [argument, field] = fields.find(([, { name }]) => name === key) ?? [key];
      return [argument, toArguments(inner, field?.schemas ?? [], root)];
    }),
  );
}

function fieldsByArgument(shapes: readonly JsonSchema[]): Map<string, { name: string; schemas: JsonSchema[] }> {
  const fields = new Map<string, { name: string; schemas: JsonSchema[] }>();
  for (const [name, schema] of shapes.flatMap(({ properties }) => Object.entries(properties ?? {}))) {
    const known = fields.get(argumentName(name));
    if (known) known.schemas.push(schema);
    else fields.set(argumentName(name), { name, schemas: [schema] });
  }
  return fields;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
