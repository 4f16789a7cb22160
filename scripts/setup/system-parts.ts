import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { findProgram, runCommand } from './command.ts';

/** Parts of the operating system that the project uses where they are there. */
export type SystemPart = 'ffmpeg' | 'chromium' | 'fonts-noto-cjk';

const WHY: Readonly<Record<SystemPart, string>> = {
  ffmpeg: '核对演示素材的帧码、重画演示素材',
  chromium: '真实播放器和浏览器测试',
  'fonts-noto-cjk': '大屏和截图里的中文',
};

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FONT_FOLDERS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  '/System/Library/Fonts',
  'C:\\Windows\\Fonts',
];
const CHINESE_FONT = /NotoSansCJK|NotoSansSC|SourceHanSans|wqy-|PingFang|msyh|simhei/i;

/** Which parts are missing here. */
export function missingParts(): SystemPart[] {
  const missing: SystemPart[] = [];
  if (findProgram('ffmpeg') === null) missing.push('ffmpeg');
  if (findProgram(...CHROMIUM_NAMES) === null) missing.push('chromium');
  if (!hasChineseFont()) missing.push('fonts-noto-cjk');
  return missing;
}

/** The line that installs parts on Debian and Ubuntu. */
export function installLine(parts: readonly SystemPart[]): string {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${parts.join(' ')}`;
}

/**
 * Installs missing parts on Debian and Ubuntu as root or with passwordless sudo; elsewhere prints the
 * line that does. Never fails: the callers go on with what is there.
 * @returns what is still missing.
 */
export async function ensureSystemParts(say: (line: string) => void): Promise<SystemPart[]> {
  const missing = missingParts();
  if (missing.length === 0) return [];
  const apt = await aptPrefix();
  if (apt === null) {
    adviseBy(say, missing);
    return missing;
  }
  say(`安装系统部件：${missing.map((part) => `${part}（${WHY[part]}）`).join('、')}`);
  if (!(await install(apt, missing, say))) {
    say('软件清单可能旧了，更新后再装一次');
    await runCommand(...withPrefix(apt, ['apt-get', 'update', '-q']), { env: QUIET, show: false });
    await install(apt, missing, say);
  }
  const left = missingParts();
  if (left.length > 0) adviseBy(say, left);
  else say('系统部件装好了');
  return left;
}

const QUIET = { DEBIAN_FRONTEND: 'noninteractive' };

function adviseBy(say: (line: string) => void, missing: readonly SystemPart[]): void {
  say(`没有 ${missing.join('、')}，先用现有的继续。装上它们的一行命令：`);
  say(`  ${installLine(missing)}`);
}

async function install(
  apt: readonly string[],
  parts: readonly SystemPart[],
  say: (line: string) => void,
): Promise<boolean> {
  const started = Date.now();
  const ticking = setInterval(
    () => say(`  …apt-get 已用 ${Math.round((Date.now() - started) / 1000)} 秒`),
    10_000,
  );
  const line = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...parts];
  const { code, output } = await runCommand(...withPrefix(apt, line), { env: QUIET }).finally(() =>
    clearInterval(ticking),
  );
  if (code !== 0) say(`  apt-get 退出码 ${code}：${output.trim().split('\n').at(-1) ?? ''}`);
  return code === 0;
}

function withPrefix(prefix: readonly string[], line: readonly string[]): [string, string[]] {
  const [program = 'apt-get', ...args] = [...prefix, ...line];
  return [program, args];
}

/** What goes before apt-get: nothing as root, `sudo -n` where it asks no password; `null` where apt can't be used. */
async function aptPrefix(): Promise<string[] | null> {
  if (process.platform !== 'linux' || findProgram('apt-get') === null || !isDebianLike()) return null;
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') === null) return null;
  const { code } = await runCommand('sudo', ['-n', 'true']);
  // sudo drops the environment, so the variable that keeps apt quiet goes on the line.
  return code === 0 ? ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'] : null;
}

function isDebianLike(): boolean {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(file, 'utf8'));
}

function hasChineseFont(): boolean {
  return FONT_FOLDERS.filter((folder) => existsSync(folder)).some((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) =>
      CHINESE_FONT.test(path.basename(name)),
    ),
  );
}
