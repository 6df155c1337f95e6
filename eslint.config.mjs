import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "dist",
      "node_modules",
      "coverage",
      "fixtures/apps",
      "demo",
      "templates",
      "**/*.cjs",
      "test/transform.js",
      "test/report.js",
    ],
  },
  {
    files: ["src/**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "separate-type-imports", disallowTypeAnnotations: false },
      ],
      // "default: assertNever(...)" lets the compiler name what is missing; another default is a decision.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Only an interface can be added to by a plugin's types, and only one that extends another has pages of its own.
      "@typescript-eslint/no-empty-object-type": [
        "error",
        { allowWithName: "^CustomOperations$", allowInterfaces: "with-single-extends" },
      ],
      // What not every command needs is required late: `import()` starts Node's second loader (11 ms).
      "@typescript-eslint/no-require-imports": [
        "error",
        { allow: ["^\\.{1,2}/", "^get-tsconfig$", "^picomatch$"] },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-console": "error",
      "no-restricted-imports": [
        "error",
        {
          paths: [{ name: "typeorm", message: "only types: the user's own copy is the only one that runs" }],
        },
      ],
      "no-restricted-properties": [
        "error",
        { object: "process", property: "exit", message: "only the cli sets exitCode" },
      ],
      // An exhaustive switch is one decision.
      complexity: ["warn", { max: 15, variant: "modified" }],
      "max-lines": ["warn", 400],
      "max-lines-per-function": ["warn", { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Types of typeorm are welcome everywhere; the rule above cannot tell them apart, this one can.
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-imports": "off",
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "typeorm",
              message: "only types: the user's own copy is the only one that runs",
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "fixtures/entities/**/*.ts", "demo/**/*.ts", "*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/require-await": "off",
    },
  },
  prettier,
);
