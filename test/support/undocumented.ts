import { readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

/** What an entry of the package exports, and which fields and methods of it have no doc line. */
export interface Documented {
  readonly numFields: number;
  /** As `Type.field`. */
  readonly missing: readonly string[];
}

/**
 * Reads rolled-up declarations without the libraries they import: only what they declare themselves is looked at.
 *
 * @param entries files below `dist/types`
 */
export function findUndocumented(entries: readonly string[]): Documented {
  const program = ts.createProgram([...entries], { noLib: true }, hostOfRelativeFiles());
  const checker = program.getTypeChecker();
  const missing = new Set<string>();
  const seen = new Set<ts.Node>();
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      for (const declaration of symbol.declarations ?? []) visit(declaration, exported.name);
    }
  }
  return { numFields: seen.size, missing: [...missing].sort() };

  function visit(node: ts.Node, path: string): void {
    // `@param` documents what is inside a parameter.
    if (ts.isParameter(node)) return;
    if (!isField(node)) return ts.forEachChild(node, (child) => visit(child, path));
    if (ts.isPrivateIdentifier(node.name)) return;
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) || seen.has(node)) return;
    seen.add(node);
    const name = `${path}.${node.name.getText()}`;
    // The first of several signatures speaks for all.
    const first = checker.getSymbolAtLocation(node.name)?.declarations?.[0] ?? node;
    if (ts.getJSDocCommentsAndTags(first).length === 0) missing.add(name);
    ts.forEachChild(node, (child) => visit(child, name));
  }
}

function isField(node: ts.Node): node is ts.TypeElement & { readonly name: ts.PropertyName } {
  return (
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isGetAccessorDeclaration(node)
  );
}

function hostOfRelativeFiles(): ts.CompilerHost {
  const resolve = (name: string, from: string): ts.ResolvedModuleFull | undefined =>
    name.startsWith(".")
      ? {
          resolvedFileName: posix.join(posix.dirname(from), name.replace(/\.js$/, ".d.ts")),
          extension: ts.Extension.Dts,
        }
      : undefined;
  return {
    ...ts.createCompilerHost({}),
    getSourceFile: (file) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true),
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => ({ resolvedModule: resolve(text, from) })),
  };
}
