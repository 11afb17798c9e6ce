/** The same object with some of its methods replaced; all others run on the object itself. */
export function overriding<T extends object>(original: T, methods: Partial<T>): T {
  return new Proxy(original, {
    get(target, name) {
      const value = name in methods ? methods[name as keyof T] : target[name as keyof T];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
