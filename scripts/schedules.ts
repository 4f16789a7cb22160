import { parseArgs } from 'node:util';
import { CenterError } from './center/center-api.ts';
import { FolderRefused } from './schedules/apply-folder.ts';
import type { Command, Values } from './schedules/cli.ts';
import { OPTIONS, report, UsageError } from './schedules/cli.ts';
import { apply, explainAtCenter, exportOnAir, plan } from './schedules/commands-center.ts';
import { explainOffline, lint, schema, timeline } from './schedules/commands-offline.ts';
import { smilExport, smilImport } from './schedules/commands-smil.ts';
import { ExportRefused } from './schedules/export-folder.ts';

const HELP = `排期文件

  npm run schedules -- lint     [目录]                          检查文件：行号和该写成什么
  npm run schedules -- plan     [目录] --center 地址            和正在播出的比较，发布后会怎样；不改动
  npm run schedules -- apply    [目录] --center 地址            上传素材并整套应用
  npm run schedules -- export   目录 --center 地址 --region 41  把正在播出的写成文件
  npm run schedules -- timeline [文件…] --screen 点位 [--day 2026-11-23]   某地一天的时间线，不用中心
  npm run schedules -- explain  [文件…] --screen 点位 --at "2026-11-23 12:00:05"   那一刻播什么、为什么
  npm run schedules -- explain  --center 地址 --screen s-… --at 时刻 | --schedule 排期 --day 日期
  npm run schedules -- smil-import 文件 --center 地址 --region 代码   SMIL 读成草稿的修改，不播出
  npm run schedules -- smil-export --center 地址 --playlist 节目单 [--out 文件]   节目单写成 SMIL
  npm run schedules -- schema                                   重写编辑器用的 JSON Schema

目录不写就是 schedules/henan；timeline、explain 可以写多个文件和目录。
  --center 地址        如 http://127.0.0.1:8080
  --login 账号         登录账号；密码写在环境变量 KEPU_PASSWORD
  --cookie 名=值       已有的登录凭证，代替账号密码
  --screen 点位        区划代码（如 411224102203），或文件里 screens 的一个；对着中心是大屏编号 s-…
  --tag 标签 --group 分组   大屏的标签、分组，可写多次
  --media              export：素材文件也下载
  --force              export：替换已有的排期目录（原来的改名留着）
  --json               输出 JSON
退出码：0 成功，1 有错误，2 用法不对。`;

const COMMANDS: Readonly<Record<string, Command>> = {
  lint,
  plan,
  apply,
  export: exportOnAir,
  timeline,
  explain: (call) => (call.values.center === undefined ? explainOffline(call) : explainAtCenter(call)),
  schema,
  'smil-import': smilImport,
  'smil-export': smilExport,
};

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parsed(args);
    const [name, ...paths] = positionals;
    if (values.help === true) {
      console.log(HELP);
      return 0;
    }
    const command = name === undefined || !Object.hasOwn(COMMANDS, name) ? undefined : COMMANDS[name];
    if (command === undefined) throw new UsageError(HELP);
    return await command({ paths, values });
  } catch (error) {
    if (error instanceof FolderRefused) return report(error.problems);
    if (error instanceof UsageError || error instanceof CenterError || error instanceof ExportRefused) {
      console.error(error.message);
      return error instanceof UsageError ? 2 : 1;
    }
    throw error;
  }
}

function parsed(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}
