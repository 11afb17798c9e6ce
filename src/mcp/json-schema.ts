import * as z from "zod";

/** The part of JSON Schema that zod writes and that tools are described with. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  $defs?: Record<string, JsonSchema>;
  $ref?: string;
  default?: unknown;
  [keyword: string]: unknown;
}

/** JSON schema of what goes into (`input`) or comes out of (`output`) a zod object, without what only costs tokens. */
export function jsonSchemaOf(schema: z.ZodObject, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    // A refinement or a transformation has no JSON form; zod checks it when the call is made.
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      // The format says it; zod's pattern for a time alone has 200 characters.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return json as JsonSchema;
}

/** The object schemas a value may have to satisfy: behind references and in every branch of a choice. */
export function objectSchemas(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  return leaves(schema, root, new Set()).filter(
    ({ properties, additionalProperties }) => properties !== undefined || additionalProperties !== undefined,
  );
}

/** The schemas of an array's item at `index`; empty when nothing is said about it. */
export function itemSchemas(schema: JsonSchema, index: number, root: JsonSchema): JsonSchema[] {
  return leaves(schema, root, new Set()).flatMap(({ prefixItems, items }) => {
    const item = prefixItems?.[index] ?? items;
    return item ? [item] : [];
  });
}

function leaves(schema: JsonSchema, root: JsonSchema, seen: Set<JsonSchema>): JsonSchema[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const target = schema.$ref === undefined ? undefined : referred(schema.$ref, root);
  if (target) branches.push(target);
  return [schema, ...branches.flatMap((branch) => leaves(branch, root, seen))];
}

/** zod refers to the whole (`#`) and to definitions (`#/$defs/name`), nothing else. */
function referred(ref: string, root: JsonSchema): JsonSchema | undefined {
  return ref === "#" ? root : root.$defs?.[ref.replace("#/$defs/", "")];
}
