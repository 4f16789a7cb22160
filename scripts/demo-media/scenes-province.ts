import type { Scene } from './scene.ts';
import { sway } from './scene.ts';

const STARS = [
  [90, 120],
  [210, 92],
  [380, 130],
  [560, 80],
  [650, 210],
  [720, 120],
  [860, 90],
  [1180, 150],
  [1230, 330],
  [1150, 590],
  [700, 560],
  [560, 610],
  [610, 420],
  [1210, 480],
  [960, 70],
  [300, 600],
  [470, 560],
] as const;

const starField = STARS.map(
  ([x, y], index) =>
    `<circle cx="${x}" cy="${y}" r="${2 + (index % 3)}" fill="#E8EEF6" opacity="${0.4 + (index % 4) * 0.15}"/>`,
).join('');

const waterBall = (x: number, y: number, r: number) => `
  <circle cx="${x}" cy="${y}" r="${r}" fill="#6FAAF5" opacity=".38"/>
  <circle cx="${x}" cy="${y}" r="${r}" fill="none" stroke="#BCD2F7" stroke-width="4"/>
  <path d="M${x - r * 0.62} ${y - r * 0.3}A${r * 0.7} ${r * 0.7} 0 0 1 ${x - r * 0.1} ${y - r * 0.68}" fill="none" stroke="#FFFFFF" stroke-width="${r * 0.12}" stroke-linecap="round"/>
  <circle cx="${x + r * 0.35}" cy="${y + r * 0.38}" r="${r * 0.1}" fill="#FFFFFF" opacity=".7"/>`;

const bird = (x: number, y: number, size: number, ink: string) =>
  `<path d="M${x - size} ${y - size * 0.28}Q${x - size * 0.45} ${y - size * 0.75} ${x} ${y}Q${x + size * 0.45} ${y - size * 0.75} ${x + size} ${y - size * 0.28}Q${x + size * 0.45} ${y - size * 0.4} ${x} ${y + size * 0.16}Q${x - size * 0.45} ${y - size * 0.4} ${x - size} ${y - size * 0.28}Z" fill="${ink}"/>`;

const swan = (x: number, y: number) => `
  <path d="M${x} ${y}q-6 -70 34 -104q26 -16 40 6q8 14 -6 22q-16 -10 -26 6q-12 24 2 50q54 -22 110 8q-10 44 -60 52q-70 8 -94 -40Z" fill="#FFFFFF"/>
  <path d="M${x + 68} ${y - 82}l24 10l-26 8Z" fill="#F2A93B"/><circle cx="${x + 58}" cy="${y - 90}" r="4" fill="#16202E"/>
  <path d="M${x + 60} ${y + 6}q44 -18 84 4q-34 22 -84 -4Z" fill="#DCE6EF"/>`;

/** 省级: space lesson, Yellow River wetland, flu season. */
export const PROVINCE_SCENES: readonly Scene[] = [
  {
    tier: 'province',
    kind: 'video',
    title: ['水在太空里', '为什么是球'],
    points: ['失重时，没有力把水摊平', '表面张力把它收成球形'],
    source: '天宫课堂 · 演示素材',
    paper: '#101735',
    ink: '#FFFFFF',
    soft: '#BCD2F7',
    art: `${starField}
      <ellipse cx="1010" cy="860" rx="760" ry="300" fill="#23489A"/><ellipse cx="1010" cy="872" rx="760" ry="300" fill="#2F63C4"/>
      <path d="M640 668q120 -66 230 -40q90 20 60 70q-30 34 -140 42Z" fill="#4E9A6B"/><path d="M1060 640q110 -6 170 60l-10 40h-120q-90 -60 -40 -100Z" fill="#4E9A6B"/>`,
    sprites: [
      sway(
        `<g transform="translate(-70 8) rotate(-14 1120 210)"><rect x="1076" y="176" width="88" height="62" rx="12" fill="#E8EEF6"/><rect x="1092" y="192" width="30" height="30" rx="6" fill="#23489A"/>
        <rect x="968" y="190" width="92" height="34" fill="#4A73C4"/><path d="M998 190v34M1030 190v34" stroke="#101735" stroke-width="4"/><rect x="1180" y="190" width="92" height="34" fill="#4A73C4"/><path d="M1210 190v34M1242 190v34" stroke="#101735" stroke-width="4"/>
        <path d="M1060 207h16M1164 207h16" stroke="#E8EEF6" stroke-width="8"/></g>`,
        { x: 14, y: 6, seconds: 12 },
      ),
      sway(waterBall(890, 380, 118), { y: 16, seconds: 6 }),
      sway(waterBall(1086, 452, 44), { x: 10, y: -14, seconds: 4 }),
      sway(waterBall(724, 494, 26), { y: 12, seconds: 3 }),
    ],
  },
  {
    tier: 'province',
    kind: 'hls',
    title: ['黄河湿地的', '越冬客'],
    points: ['每年冬天，大天鹅来三门峡', '远远看，不投喂，不追赶'],
    source: '黄河湿地 · 演示素材',
    footInk: '#FFFFFF',
    paper: '#F6D9B0',
    ink: '#3B2A18',
    soft: '#5C4630',
    art: `<circle cx="1020" cy="268" r="112" fill="#E8894A"/>
      <path d="M440 500q220 -130 450 -66q150 40 390 -34v120H440Z" fill="#C79A6B"/>
      <rect y="496" width="1280" height="224" fill="#7FA8A6"/><rect y="560" width="1280" height="160" fill="#6A9796"/><rect y="626" width="1280" height="94" fill="#578483"/>
      <path d="M940 520h160M900 540h240M960 582h120" stroke="#F1B98A" stroke-width="8" stroke-linecap="round" opacity=".8"/>
      <g stroke="#6B5A33" stroke-width="7" stroke-linecap="round"><path d="M1196 560q4 -90 -8 -150M1220 566q0 -80 14 -172M1244 560q-2 -60 6 -108"/></g>
      <g fill="#8A6A35"><rect x="1180" y="384" width="16" height="52" rx="8"/><rect x="1226" y="364" width="16" height="56" rx="8"/><rect x="1242" y="428" width="15" height="44" rx="7"/></g>`,
    sprites: [
      {
        svg: bird(700, 190, 46, '#3B2A18') + bird(800, 150, 34, '#3B2A18') + bird(622, 150, 30, '#3B2A18'),
        dx: '150*t/16',
        dy: '10*sin(2*PI*t/4)',
      },
      sway(swan(700, 566), { x: 34, y: 3, seconds: 16 }),
      sway(`<g transform="translate(1880 20) scale(-1 1)">${swan(880, 590)}</g>`, {
        x: -22,
        y: 3,
        seconds: 8,
      }),
    ],
  },
  {
    tier: 'province',
    kind: 'image',
    title: ['流感季', '做好三件事'],
    points: ['打疫苗：入冬前接种', '勤通风：每天开窗两三次', '戴口罩：去医院、坐车时'],
    source: '冬季健康 · 演示素材',
    paper: '#DCEBF7',
    ink: '#123A63',
    soft: '#2A5078',
    art: `<rect y="600" width="1280" height="120" fill="#C3DBEF"/>
      <rect x="720" y="120" width="300" height="340" rx="10" fill="#FFFFFF"/><rect x="742" y="142" width="122" height="296" fill="#9CCBF0"/><rect x="876" y="142" width="122" height="296" fill="#9CCBF0"/>
      <path d="M742 300l122 -90v48l-122 90ZM876 250l122 -90v40l-122 90Z" fill="#C9E4F8"/><rect x="700" y="452" width="340" height="22" rx="6" fill="#8FA9C2"/>
      <path d="M1020 142l96 40v330l-96 -60Z" fill="#EAF4FC" stroke="#FFFFFF" stroke-width="12"/>
      <g transform="translate(1010 470)"><circle cx="96" cy="20" r="96" fill="#F3C9A5"/><path d="M0 4q6 -96 96 -96t96 96q-40 -52 -96 -52T0 4Z" fill="#2B2B33"/><path d="M14 30q82 -26 164 0l-10 58q-72 46 -144 0Z" fill="#FFFFFF"/><path d="M30 48q66 -16 132 0M30 68q66 -14 132 0" stroke="#BBD3E6" stroke-width="5" fill="none"/><circle cx="62" cy="4" r="9" fill="#2B2B33"/><circle cx="130" cy="4" r="9" fill="#2B2B33"/><path d="M-20 250q20 -140 116 -140t116 140Z" fill="#2F63C4"/></g>
      <g transform="translate(770 520) rotate(-24)"><rect x="0" y="0" width="150" height="44" rx="8" fill="#FFFFFF" stroke="#2F63C4" stroke-width="6"/><rect x="10" y="10" width="84" height="24" fill="#45BCC9"/><path d="M150 22h66" stroke="#5F6C80" stroke-width="6"/><path d="M0 22h-46M-46 -6v56" stroke="#2F63C4" stroke-width="10"/></g>`,
    sprites: [],
  },
];
