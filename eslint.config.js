import vitest from "@vitest/eslint-plugin";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      ...["dist/", "node_modules/", "fixtures/*/", "benchmarks/node_modules/", "benchmarks/dist/", "coverage/"],
      ...["site/dist/", "site/pages/", "site/.vitepress/cache/", "benchmarks/mutation/.sandbox/"],
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-empty": ["error", { allowEmptyCatch: false }],
      "max-lines": ["error", { max: 300 }],
      eqeqeq: "error",
    },
  },
  {
    files: ["test/**/*.ts"],
    plugins: { vitest },
    rules: {
      "vitest/valid-expect": "error",
      "vitest/expect-expect": ["error", { assertFunctionNames: ["expect", "fc.assert", "expect*"] }],
      "vitest/no-focused-tests": "error",
    },
  },
);
