import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaText } from '../../../scripts/schedules/schema.ts';
import { ROOT } from '../../helpers/source-files.ts';

const SCHEMA = join(ROOT, 'schedules', 'schedule-file.schema.json');

describe('the JSON Schema of schedule files', () => {
  it('is what the schema that reads them says: npm run schedules -- schema writes it again', async () => {
    expect(await readFile(SCHEMA, 'utf8')).toBe(schemaText());
  });

  it('tells of every key of a file what it is, in Chinese and English', () => {
    const { properties } = JSON.parse(schemaText()) as {
      properties: Record<string, { description?: string }>;
    };
    expect(Object.keys(properties)).toContain('schedules');
    for (const { description = '' } of Object.values(properties)) {
      expect(description).toMatch(/\p{Script=Han}/u);
      expect(description).toMatch(/[A-Za-z]{4}/);
    }
  });

  it('is named by the first line of every schedule file here, by a path that leads to it', async () => {
    const folder = join(ROOT, 'schedules', 'henan');
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.yaml'));
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const [line = ''] = (await readFile(join(folder, name), 'utf8')).split('\n');
      const path = /^# yaml-language-server: \$schema=(\S+)$/.exec(line)?.[1] ?? '';
      expect(resolve(dirname(join(folder, name)), path)).toBe(SCHEMA);
    }
  });
});
