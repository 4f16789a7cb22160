import type { Scene } from './scene.ts';
import { sway } from './scene.ts';

const puff = (x: number, y: number, r: number) => `<circle cx="${x}" cy="${y}" r="${r}" fill="#8D8580"/>`;

const windows = [0, 1, 2, 3, 4]
  .flatMap((row) =>
    [0, 1, 2].map(
      (column) =>
        `<rect x="${806 + column * 96}" y="${150 + row * 92}" width="58" height="54" rx="4" fill="${row === 1 && column === 2 ? '#F28A1B' : '#F7E7B7'}"/>`,
    ),
  )
  .join('');

/** 市级: carbon monoxide, fire in a tower block, telephone fraud. */
export const CITY_SCENES: readonly Scene[] = [
  {
    tier: 'city',
    kind: 'video',
    title: ['一氧化碳', '怎么防'],
    points: ['它没有颜色，也没有气味', '烧煤烧炭，留一道通风缝', '头晕恶心：先开窗，再出门'],
    source: '冬季取暖 · 演示素材',
    paper: '#F1E6DC',
    ink: '#3A2A20',
    soft: '#5B4638',
    art: `<rect y="560" width="1280" height="160" fill="#CDB7A2"/><ellipse cx="960" cy="574" rx="300" ry="24" fill="#B9A18B"/>
      <rect x="1080" y="170" width="54" height="120" fill="#7A4A35"/><rect x="1070" y="158" width="74" height="20" rx="4" fill="#5E3728"/>
      <rect x="770" y="330" width="390" height="240" fill="#BF5B3C"/><path d="M720 344L965 170l245 174Z" fill="#6E3325"/><path d="M720 344L965 170l245 174l-26 0L965 206L746 344Z" fill="#8A4331"/>
      <rect x="916" y="426" width="98" height="144" fill="#F3C969"/><circle cx="996" cy="502" r="7" fill="#6E3325"/>
      <rect x="812" y="404" width="74" height="70" fill="#F3C969"/><path d="M849 404v70M812 439h74" stroke="#6E3325" stroke-width="6"/>
      <rect x="1044" y="404" width="74" height="70" fill="#9CCBF0"/><path d="M1118 404l40 -18v70l-40 18Z" fill="#C9E4F8" stroke="#6E3325" stroke-width="5"/>`,
    sprites: [
      { svg: puff(1108, 128, 26), dx: '26*mod(t,4)/4', dy: '-70*mod(t,4)/4' },
      { svg: puff(1120, 122, 18), dx: '40*mod(t+2,4)/4', dy: '-80*mod(t+2,4)/4' },
      sway(
        `<path d="M1180 400q40 -16 70 6M1186 430q44 -10 74 8M1180 462q36 -8 60 4" fill="none" stroke="#4E93C9" stroke-width="8" stroke-linecap="round"/>`,
        { x: 12, seconds: 2 },
      ),
    ],
  },
  {
    tier: 'city',
    kind: 'hls',
    title: ['高层着火', '怎么跑'],
    points: ['走楼梯，不坐电梯', '烟小：弯腰沿墙往下走', '烟大：关门堵缝，等救援'],
    source: '消防科普 · 演示素材',
    paper: '#22324E',
    ink: '#FFFFFF',
    soft: '#C9DAF5',
    art: `<circle cx="1170" cy="150" r="52" fill="#F6E7B0"/><circle cx="1150" cy="138" r="46" fill="#22324E"/>
      <rect y="616" width="1280" height="104" fill="#18243A"/><rect x="1120" y="300" width="150" height="320" fill="#2C405F"/><rect x="690" y="360" width="100" height="260" fill="#2C405F"/>
      <rect x="776" y="116" width="310" height="504" fill="#46618C"/>${windows}<rect x="776" y="106" width="310" height="18" fill="#5B79A8"/>
      <rect x="900" y="600" width="64" height="20" fill="#18243A"/>
      <g transform="translate(690 470)"><rect width="112" height="60" rx="6" fill="#1F8A5B"/><path d="M24 30h40M50 14l18 16l-18 16" fill="none" stroke="#FFFFFF" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/><rect x="80" y="12" width="18" height="36" fill="#FFFFFF"/></g>`,
    sprites: [
      sway(
        `<path d="M1018 296q-26 -40 6 -72q4 24 20 30q-2 -40 22 -56q-4 34 22 52q22 30 -10 62q-32 18 -60 -16Z" fill="#F28A1B"/><path d="M1034 300q-10 -22 10 -38q8 16 18 14q12 18 -2 32q-16 8 -26 -8Z" fill="#FFD66B"/>`,
        { x: 3, y: 5, seconds: 0.5 },
      ),
      {
        svg: `<circle cx="1092" cy="186" r="24" fill="#8A93A3"/><circle cx="1120" cy="166" r="18" fill="#9AA4B5"/>`,
        dx: '30*mod(t,4)/4',
        dy: '-60*mod(t,4)/4',
      },
      {
        svg: `<g transform="translate(830 540)"><circle cx="18" cy="6" r="14" fill="#F3C9A5"/><path d="M6 24l24 2l-2 32l14 22M20 56l-14 24M26 30l22 14M8 30l-18 18" fill="none" stroke="#FFD66B" stroke-width="10" stroke-linecap="round" stroke-linejoin="round"/></g>`,
        dx: '-150*mod(t,8)/8',
        dy: '3*sin(8*PI*t)',
      },
    ],
  },
  {
    tier: 'city',
    kind: 'image',
    title: ['陌生来电', '记住三个不'],
    points: ['不轻信：公检法不电话办案', '不透露：验证码谁也不给', '不转账：先打 96110 问一问'],
    source: '反诈科普 · 演示素材',
    paper: '#E6E3F4',
    ink: '#2B2557',
    soft: '#474078',
    art: `<ellipse cx="970" cy="620" rx="250" ry="26" fill="#CFC9E8"/><rect x="820" y="96" width="290" height="520" rx="40" fill="#2B2557"/><rect x="840" y="132" width="250" height="440" rx="12" fill="#FFFFFF"/><rect x="930" y="108" width="70" height="10" rx="5" fill="#5A5290"/>
      <circle cx="965" cy="236" r="58" fill="#DDD8F0"/><circle cx="965" cy="220" r="24" fill="#8E86BF"/><path d="M917 272q48 -52 96 0q-48 34 -96 0Z" fill="#8E86BF"/><rect x="895" y="320" width="140" height="18" rx="9" fill="#DDD8F0"/><rect x="920" y="352" width="90" height="14" rx="7" fill="#EEEBF8"/>
      <circle cx="905" cy="476" r="44" fill="#BC1C2B"/><path d="M881 484q24 -22 48 0l-6 12l-12 -6v-8h-12v8l-12 6Z" fill="#FFFFFF"/><circle cx="1027" cy="476" r="44" fill="#1F8A5B" opacity=".35"/>
      <g transform="translate(1070 330)"><path d="M80 0l92 34v80q-6 92 -92 132q-86 -40 -92 -132v-80Z" fill="#F2A93B"/><path d="M80 24l70 26v64q-4 70 -70 104Z" fill="#E08B1E"/><path d="M42 116l30 30l52 -62" fill="none" stroke="#FFFFFF" stroke-width="20" stroke-linecap="round" stroke-linejoin="round"/></g>`,
    sprites: [],
  },
];
