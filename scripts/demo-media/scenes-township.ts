import type { Scene } from './scene.ts';
import { sway } from './scene.ts';

const tree = (x: number, y: number, s: number) =>
  `<path d="M${x} ${y - 150 * s}l${56 * s} ${80 * s}h-${26 * s}l${44 * s} ${70 * s}h-${148 * s}l${44 * s} -${70 * s}h-${26 * s}Z" fill="#2F5A33"/><rect x="${x - 9 * s}" y="${y}" width="${18 * s}" height="${34 * s}" fill="#4A331E"/>`;

const flake = (x: number, y: number, r: number) => `<circle cx="${x}" cy="${y}" r="${r}" fill="#FFFFFF"/>`;

/** 乡级: charging e-bikes, fire outdoors, icy roads. */
export const TOWNSHIP_SCENES: readonly Scene[] = [
  {
    tier: 'township',
    kind: 'video',
    title: ['电动车', '充电安全'],
    points: ['电池和车都不进楼', '不私拉电线，不整夜充', '鼓包、发烫，马上停用'],
    source: '用电安全 · 演示素材',
    paper: '#F3EFE0',
    ink: '#26331F',
    soft: '#43513A',
    art: `<rect y="590" width="1280" height="130" fill="#DDD5BC"/><path d="M690 200L960 110l270 90v26H690Z" fill="#2E8B6B"/><rect x="712" y="226" width="18" height="370" fill="#5F6C80"/><rect x="1190" y="226" width="18" height="370" fill="#5F6C80"/>
      <rect x="1030" y="280" width="120" height="180" rx="10" fill="#FFFFFF" stroke="#5F6C80" stroke-width="6"/><rect x="1050" y="302" width="80" height="46" rx="5" fill="#22324E"/><circle cx="1070" cy="390" r="12" fill="#5F6C80"/><circle cx="1110" cy="390" r="12" fill="#5F6C80"/><path d="M1090 400q0 120 -90 96" fill="none" stroke="#16202E" stroke-width="8"/>
      <g transform="translate(0 8)"><circle cx="800" cy="540" r="54" fill="none" stroke="#2B2B33" stroke-width="18"/><circle cx="1010" cy="540" r="54" fill="none" stroke="#2B2B33" stroke-width="18"/><path d="M800 540q30 -66 90 -60h80l40 60M1010 540L960 380" fill="none" stroke="#2E8B6B" stroke-width="24" stroke-linecap="round" stroke-linejoin="round"/><path d="M936 382h56" stroke="#2B2B33" stroke-width="14" stroke-linecap="round"/><rect x="790" y="440" width="120" height="26" rx="13" fill="#2B2B33"/></g>`,
    sprites: [
      sway(
        `<g transform="translate(1058 308)"><path d="M34 0L10 22h16l-6 14l26 -22H30Z" fill="#FFD66B"/></g>`,
        { y: 3, seconds: 1 },
      ),
      sway(
        `<g transform="translate(828 268)"><rect x="26" y="-16" width="60" height="20" rx="5" fill="#2E8B6B"/><rect width="112" height="140" rx="18" fill="#2E8B6B"/><path d="M66 20L26 82h26l-8 44l44 -64H60Z" fill="#FFD66B"/></g>`,
        { y: 8, seconds: 4 },
      ),
    ],
  },
  {
    tier: 'township',
    kind: 'hls',
    title: ['野外用火', '莫大意'],
    points: ['风大的天，一点火都不用', '上坟献花，不烧纸不放炮', '见了山火先跑，再打 119'],
    source: '森林防火 · 演示素材',
    paper: '#1E3324',
    ink: '#FFFFFF',
    soft: '#CFE0CF',
    art: `<path d="M420 600q300 -190 500 -110q170 -120 360 -10v240H420Z" fill="#27452E"/><rect y="590" width="1280" height="130" fill="#152519"/>
      ${tree(760, 560, 1)}${tree(1160, 560, 1.15)}${tree(680, 580, 0.7)}${tree(1230, 580, 0.75)}
      <path d="M880 606l170 -34M880 572l170 34" stroke="#6A4526" stroke-width="22" stroke-linecap="round"/>`,
    sprites: [
      sway(
        `<path d="M965 330q64 84 96 140q34 84 -36 116q-60 22 -120 0q-70 -32 -36 -116q14 -30 34 -44q4 30 22 40q4 -80 40 -136Z" fill="#E8682B"/>`,
        { x: 4, y: 7, seconds: 1 },
      ),
      sway(
        `<path d="M968 430q44 50 56 92q10 50 -34 64q-30 8 -56 -2q-34 -22 -18 -66q8 -20 20 -26q6 20 16 24q0 -46 16 -86Z" fill="#FFC24B"/>`,
        { x: -4, y: 6, seconds: 0.8 },
      ),
      {
        svg: `<circle cx="930" cy="330" r="6" fill="#FFC24B"/><circle cx="1010" cy="300" r="5" fill="#E8682B"/><circle cx="968" cy="270" r="4" fill="#FFC24B"/>`,
        dx: '14*sin(2*PI*t/2)',
        dy: '-110*mod(t,2)/2',
      },
    ],
  },
  {
    tier: 'township',
    kind: 'image',
    title: ['冰雪路上', '慢一点'],
    points: ['慢起步，轻刹车，早减速', '车距拉大到平时三倍', '打滑别猛打方向'],
    source: '出行科普 · 演示素材',
    paper: '#CFE3F1',
    ink: '#17324A',
    soft: '#2F4C66',
    art: `<path d="M380 480q300 -180 520 -80q190 -110 380 0v120H380Z" fill="#EEF6FB"/><rect y="470" width="1280" height="250" fill="#F7FBFE"/>
      <path d="M760 720Q900 520 1000 470h40Q1080 540 1250 720Z" fill="#9AAFC1"/><path d="M1010 500l6 40M1000 570l8 52M1004 650l10 70" stroke="#FFFFFF" stroke-width="10"/>
      <g transform="translate(860 470)"><path d="M20 60l36 -70q6 -12 22 -12h104q16 0 22 12l36 70Z" fill="#C03A34"/><path d="M58 52l22 -46h100l22 46Z" fill="#CFE6F5"/><rect y="56" width="260" height="96" rx="22" fill="#D9534A"/><rect x="20" y="140" width="48" height="40" rx="8" fill="#2B2B33"/><rect x="192" y="140" width="48" height="40" rx="8" fill="#2B2B33"/><circle cx="44" cy="96" r="18" fill="#FFE9A8"/><circle cx="216" cy="96" r="18" fill="#FFE9A8"/><rect x="92" y="84" width="76" height="34" rx="8" fill="#8A2A25"/></g>
      <g>${[
        [640, 140, 9],
        [720, 240, 7],
        [820, 120, 11],
        [930, 220, 8],
        [1040, 130, 9],
        [1150, 210, 12],
        [1220, 110, 7],
        [690, 360, 8],
        [1190, 330, 9],
        [560, 260, 7],
        [470, 110, 9],
        [880, 330, 7],
      ]
        .map(([x = 0, y = 0, r = 0]) => flake(x, y, r))
        .join('')}</g>
      <g transform="translate(1110 330)"><path d="M60 0l74 128H-14Z" fill="#FFD42A" stroke="#17324A" stroke-width="10" stroke-linejoin="round"/><path d="M60 46v40M60 104v4" stroke="#17324A" stroke-width="14" stroke-linecap="round"/><rect x="54" y="134" width="12" height="110" fill="#5F6C80"/></g>`,
    sprites: [],
  },
];
