import type { Scene } from './scene.ts';
import { sway } from './scene.ts';

const ear = (x: number, y: number) =>
  `<g transform="translate(${x} ${y})"><path d="M0 0q6 -90 0 -190" fill="none" stroke="#8A6A14" stroke-width="8"/>${[
    0, 1, 2, 3,
  ]
    .map(
      (row) =>
        `<ellipse cx="-20" cy="${-206 - row * 34}" rx="13" ry="24" transform="rotate(-24 -20 ${-206 - row * 34})" fill="#D9A520"/><ellipse cx="20" cy="${-206 - row * 34}" rx="13" ry="24" transform="rotate(24 20 ${-206 - row * 34})" fill="#C2900F"/>`,
    )
    .join('')}<ellipse cx="0" cy="-350" rx="12" ry="26" fill="#D9A520"/></g>`;

const furrows = Array.from(
  { length: 13 },
  (_, line) =>
    `<path d="M${640 + (line - 6) * 16} 560L${640 + (line - 6) * 260} 720" stroke="#54752A" stroke-width="9"/>`,
).join('');

const apple = (x: number, y: number) =>
  `<g transform="translate(${x} ${y})"><path d="M0 -16q-34 -18 -42 16q2 44 42 44t42 -44q-8 -34 -42 -16Z" fill="#C03A34"/><path d="M0 -16q0 -18 12 -26" stroke="#5B3A1E" stroke-width="6" fill="none"/><path d="M8 -26q22 -16 32 2q-20 14 -32 -2Z" fill="#5E9A43"/><path d="M-26 0q2 -12 12 -12" stroke="#F0A79F" stroke-width="6" stroke-linecap="round" fill="none"/></g>`;

/** 县级: wheat before winter, pruning apples, straw. */
export const COUNTY_SCENES: readonly Scene[] = [
  {
    tier: 'county',
    kind: 'video',
    title: ['小麦冬前', '管理'],
    points: ['夜里冻、白天化，浇越冬水', '旺苗镇压，弱苗先不压', '冬前杂草小，除草正当时'],
    source: '农技科普 · 演示素材',
    footInk: '#FFFFFF',
    paper: '#EAD98F',
    ink: '#3B3208',
    soft: '#544912',
    art: `<circle cx="1130" cy="170" r="70" fill="#F6EBB8"/><path d="M0 580q260 -60 560 -24q380 40 720 -34v60H0Z" fill="#C9BE6A"/><rect y="560" width="1280" height="160" fill="#6F9638"/>${furrows}
      <g fill="#FFFFFF" opacity=".85"><rect x="700" y="180" width="150" height="34" rx="17"/><circle cx="760" cy="178" r="34"/><circle cx="800" cy="184" r="26"/></g>`,
    sprites: [
      sway(ear(880, 650), { x: 7, seconds: 4 }),
      sway(ear(974, 690), { x: 9, seconds: 4, phase: 0.8 }),
      sway(ear(1076, 628), { x: 7, seconds: 4, phase: 1.6 }),
      {
        svg: `<g fill="#FFFFFF" opacity=".9"><rect x="420" y="104" width="130" height="28" rx="14"/><circle cx="470" cy="104" r="28"/><circle cx="508" cy="108" r="20"/></g>`,
        dx: '90*t/12',
        dy: '0',
      },
    ],
  },
  {
    tier: 'county',
    kind: 'hls',
    title: ['苹果树', '冬季修剪'],
    points: ['落叶后到发芽前剪', '先去病枝、枯枝、过密枝', '大伤口抹愈合剂'],
    source: '果树科普 · 演示素材',
    paper: '#E3EFD8',
    ink: '#1F3A1C',
    soft: '#35552F',
    art: `<rect y="590" width="1280" height="130" fill="#B7CF9C"/><ellipse cx="960" cy="606" rx="230" ry="22" fill="#9DB982"/>
      <path d="M930 610q22 -110 6 -190q-10 -60 -90 -110M944 440q50 -90 130 -120M936 400q20 -110 -6 -190M952 500q90 -40 150 -30" fill="none" stroke="#6A4526" stroke-width="26" stroke-linecap="round"/>
      <path d="M846 310l-50 -66M846 310l-70 6M1074 320l54 -58M1074 320l72 10M930 210l-36 -60M930 210l40 -66M1102 470l60 -34" fill="none" stroke="#6A4526" stroke-width="13" stroke-linecap="round"/>
      <g fill="#7DB35A"><ellipse cx="790" cy="236" rx="22" ry="12"/><ellipse cx="1136" cy="254" rx="22" ry="12"/><ellipse cx="976" cy="138" rx="22" ry="12"/><ellipse cx="768" cy="318" rx="20" ry="11"/></g>`,
    sprites: [
      sway(apple(820, 372), { x: 4, seconds: 4 }),
      sway(apple(1120, 388), { x: 5, seconds: 4, phase: 1 }),
      sway(apple(1002, 268), { x: 4, seconds: 4, phase: 2 }),
      sway(
        `<g transform="translate(1168 470) rotate(-28)"><path d="M0 0l-70 -26q-26 -6 -28 8q4 14 28 20Z" fill="#8FA0B3"/><path d="M0 0l-70 26q-26 6 -28 -8q4 -14 28 -20Z" fill="#AEBCCB"/><circle r="10" fill="#5F6C80"/><path d="M0 0q50 -40 96 -34M0 0q50 40 96 34" fill="none" stroke="#C03A34" stroke-width="18" stroke-linecap="round"/></g>`,
        { x: -12, y: -7, seconds: 2 },
      ),
    ],
  },
  {
    tier: 'county',
    kind: 'image',
    title: ['秸秆别烧', '能还田'],
    points: ['粉碎到 10 厘米以下', '深翻入土，补点氮肥', '还能做饲料、做基料'],
    source: '农技科普 · 演示素材',
    footInk: '#FFFFFF',
    paper: '#F7E6C6',
    ink: '#46300B',
    soft: '#63491E',
    art: `<rect y="560" width="1280" height="160" fill="#B98A4E"/><path d="M0 600q320 -26 640 0t640 0v40q-320 26 -640 0t-640 0Z" fill="#A87A40"/><path d="M0 650q320 -30 640 0t640 0v80H0Z" fill="#8F6430"/>
      <g transform="translate(760 300)"><rect x="60" y="0" width="150" height="120" rx="14" fill="#C03A34"/><rect x="80" y="18" width="90" height="62" rx="6" fill="#CFE6F5"/><rect x="10" y="110" width="300" height="90" rx="18" fill="#D9534A"/><rect x="296" y="128" width="44" height="60" rx="8" fill="#8A2A25"/><rect x="262" y="20" width="16" height="92" fill="#46300B"/>
      <circle cx="92" cy="216" r="74" fill="#2B2B33"/><circle cx="92" cy="216" r="34" fill="#E9C46A"/><circle cx="286" cy="238" r="50" fill="#2B2B33"/><circle cx="286" cy="238" r="22" fill="#E9C46A"/><path d="M10 170h-70l-30 60h100" fill="#6D7F92"/><path d="M-96 236h110" stroke="#4A5A6B" stroke-width="14"/></g>
      <g stroke="#D9A520" stroke-width="9" stroke-linecap="round" transform="translate(30 24)"><path d="M640 540l36 -26M700 560l30 -30M610 586l44 -8M676 600l40 -16M590 530l20 -30M740 600l26 -22"/></g>
      <g transform="translate(1130 520)"><path d="M20 60q-6 -50 0 -90" stroke="#4E7A2C" stroke-width="9" fill="none"/><path d="M18 0q-44 -10 -54 -50q46 -2 54 50ZM22 -16q38 -16 42 -58q-44 8 -42 58Z" fill="#6F9638"/></g>`,
    sprites: [],
  },
];
