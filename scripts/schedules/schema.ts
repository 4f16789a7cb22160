import { z } from 'zod';
import { scheduleFileSchema } from '../../shared/schedule/schedule-file.schema.ts';

/**
 * The JSON Schema (draft 2020-12) of one schedule file, for editors: made from the schema that reads
 * the files, so that the two cannot differ.
 */
export function schemaText(): string {
  const schema = z.toJSONSchema(scheduleFileSchema, { io: 'input', target: 'draft-2020-12' });
  const head = {
    title: '排期文件 / schedule file',
    description: '一个地方的排期，写法见 schedules/README.md。Schedules as a file.',
  };
  return `${JSON.stringify({ ...schema, ...head }, null, 2)}\n`;
}
