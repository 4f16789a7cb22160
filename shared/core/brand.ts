/** Nominal typing: a plain value that only its schema or maker may produce. */
export type Brand<Value, Name extends string> = Value & { readonly __brand: Name };
