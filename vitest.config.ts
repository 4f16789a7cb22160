import { defineConfig } from 'vitest/config';

const node = {
  environment: 'node',
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is awaited comes when it comes: a busy machine must not decide a test.
  expect: { poll: { interval: 20, timeout: 20_000 } },
} as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...node,
          name: 'rules',
          sequence: { groupOrder: 0 },
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**'],
        },
      },
      {
        // Real processes and a real browser on two cores: after the others, one file at a time.
        test: {
          ...node,
          name: 'e2e',
          sequence: { groupOrder: 1 },
          include: ['tests/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
