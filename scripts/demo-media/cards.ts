import type { z } from 'zod';
import type { cardSchema } from '../../shared/asset/asset.schema.ts';
import type { Tier } from '../../shared/region/tier.ts';

/** One text card per tier; the stage draws it. */
export const CARDS: Readonly<Record<Tier, z.input<typeof cardSchema>>> = {
  province: {
    title: '冬季防流感',
    body: [
      '每年入冬前接种流感疫苗',
      '每天开窗两三次，每次半小时',
      '咳嗽、打喷嚏用纸巾或手肘遮住',
      '发热三天不退，去医院看',
    ],
    source: '河南省科普大屏 · 演示素材',
    theme: 'blue',
  },
  city: {
    title: '一氧化碳中毒怎么救',
    body: [
      '先屏住气，打开门窗',
      '把人移到通风的地方，松开衣领',
      '叫不醒、没有呼吸：打 120，做心肺复苏',
      '屋里不开灯、不打电话、不点火',
    ],
    source: '市级科普 · 演示素材',
    theme: 'orange',
  },
  county: {
    title: '越冬水什么时候浇',
    body: [
      '日平均气温降到 3 ℃ 左右',
      '夜里上冻、白天化开，最合适',
      '一亩地浇 40 方上下，当天渗完',
      '土湿的地、没出三叶的麦，不浇',
    ],
    source: '县级农技 · 演示素材',
    theme: 'green',
  },
  township: {
    title: '电动车不进楼',
    body: [
      '车和电池都别放楼道、门厅',
      '到集中充电点充，不用改装电池',
      '充电器发烫、电池鼓包，马上停用',
      '着火先跑，关门，打 119',
    ],
    source: '乡镇安全 · 演示素材',
    theme: 'orange',
  },
  village: {
    title: '老人跌倒怎么办',
    body: [
      '先别急着扶，先问疼在哪、能不能动',
      '有出血先压住；骨头像断了，别搬动',
      '嘴歪、说不清、一边没劲：马上打 120',
      '能自己起来的，扶椅子慢慢起',
    ],
    source: '村卫生室 · 演示素材',
    theme: 'ink',
  },
};
