import { readFile, writeFile } from 'node:fs/promises';
import { smilImportSchema } from '../../shared/playlist/smil.ts';
import { CONTENT_KIND_ZH } from '../../shared/schedule/apply.api.ts';
import type { Call } from './cli.ts';
import { printJson, regionOf, session, UsageError } from './cli.ts';

/** Reads a SMIL file as edits for a draft, at a center that knows its media; puts nothing on air. */
export async function smilImport({ paths, values }: Call): Promise<number> {
  const [file, ...rest] = paths;
  if (file === undefined || rest.length > 0) throw new UsageError('要写一个 SMIL 文件');
  const region = regionOf(values);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`读不了 ${file}：${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const api = await session(values);
  const response = await api.ask(`/api/playlists/smil?${new URLSearchParams({ region })}`, {
    method: 'POST',
    headers: { 'content-type': 'application/smil+xml' },
    body: text,
  });
  const { edits, findings } = smilImportSchema.parse(await response.json());
  if (values.json === true) printJson({ edits, findings });
  else {
    for (const { line, zh } of findings) console.log(`${file}:${line} 说明 ${zh}`);
    for (const { kind, id, body } of edits)
      console.log(
        `${CONTENT_KIND_ZH[kind]} ${id}${body !== null && 'name' in body ? `（${body.name}）` : ''}`,
      );
    console.log('没有播出：在控制台新建草稿时导入这个文件，或用 --json 拿到修改内容');
  }
  return 0;
}

/** Writes a playlist on air, with the schedules that use it, as SMIL. */
export async function smilExport({ values }: Call): Promise<number> {
  const { playlist, out } = values;
  if (playlist === undefined) throw new UsageError('要写 --playlist 节目单');
  const api = await session(values);
  const response = await api.ask(`/api/playlists/${encodeURIComponent(playlist)}/smil`, {});
  const text = await response.text();
  if (out === undefined) process.stdout.write(text);
  else {
    const written = writeFile(out, text, { flag: values.force === true ? 'w' : 'wx' });
    await written.catch((cause: unknown) => {
      throw new UsageError(
        `写不了 ${out}（已有的文件加 --force）：${cause instanceof Error ? cause.message : ''}`,
      );
    });
    console.log(`写好 ${out}`);
  }
  return 0;
}
