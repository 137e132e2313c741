package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The methods of lists, as JavaScript has them; expectations come from Node. */
class ListMethodsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{l.at(0)}}{{l.at(-1)}} → 32
          [{{l.at(9)}}{{l.at(-9)}}] → []
          {{l.at()}} → 3
          {{l.at('1')}} → 1
          {{l.at(1.9)}} → 1
          {{l[0]}}{{l['1']}} → 31
          [{{l[3]}}{{l[-1]}}{{l['x']}}{{l[0.5]}}{{l['00']}}] → []
          {{l.length}} → 3
          {{[].length}} → 0
          {{l['length']}} → 3
          {{l.indexOf(1)}} → 1
          {{l.indexOf(9)}} → -1
          {{l.indexOf('1')}} → -1
          {{mixed.indexOf('1')}} → 1
          {{mixed.indexOf(null)}} → 2
          {{mixed.indexOf()}} → -1
          {{[NaN].indexOf(NaN)}} → 0
          {{[1, 2, 1].indexOf(1, 1)}} → 2
          {{[1, 2, 1].indexOf(1, -1)}} → 2
          {{[1, 2, 1].indexOf(1, 9)}} → -1
          {{[1, 2, 1].indexOf(2, -9)}} → 1
          {{[1, 2, 1].lastIndexOf(1)}} → 2
          {{l.lastIndexOf(9)}} → -1
          {{[1, '1'].lastIndexOf('1')}} → 1
          {{[].lastIndexOf(1)}} → -1
          {{l.includes(1)}} → true
          {{l.includes('1')}} → false
          {{[NaN].includes($imports.NaN)}} → false
          {{mixed.includes(null)}} → true
          {{mixed.includes(undefined)}} → false
          {{[1, 2].includes(1, 1)}} → false
          {{rows.find(r => r.id == 2).name}} → &#60;Ben&#62;
          {{rows.findIndex(r => r.id == 2)}} → 1
          [{{rows.find(r => r.id == 9)}}] → []
          {{rows.findIndex(r => r.id == 9)}} → -1
          {{l.findLast(x => x > 1)}} → 2
          {{l.findLastIndex(x => x > 1)}} → 2
          [{{l.findLast(x => x > 9)}}] → []
          {{l.findLastIndex(x => x > 9)}} → -1
          {{l.find((x, i) => i == 1)}} → 1
          {{l.find((x, i, all) => all.length == 3)}} → 3
          {{l.some(x => x > 2)}} → true
          {{l.some(x => x > 9)}} → false
          {{[].some(x => true)}} → false
          {{l.every(x => x > 0)}} → true
          {{l.every(x => x > 1)}} → false
          {{[].every(x => false)}} → true
          {{l.some((x, i) => i == 2)}} → true
          {{l.every((x, i, a) => a[i] === x)}} → true
          """)
  void itemsAreFoundByTheirPlace(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@l.slice()}} → 3,1,2
          {{@l.slice(1)}} → 1,2
          {{@l.slice(-1)}} → 2
          {{@l.slice(0, 2)}} → 3,1
          {{@l.slice(0, -1)}} → 3,1
          [{{@l.slice(9)}}] → []
          [{{@l.slice(2, 1)}}] → []
          {{@l.slice(undefined, 1)}} → 3
          {{@l.slice(null, 1)}} → 3
          {{@l.slice('1')}} → 1,2
          {{@l.slice(-9, 9)}} → 3,1,2
          {{@l.slice(1.9)}} → 1,2
          {{@l.concat([4])}} → 3,1,2,4
          {{@l.concat(4, [5, [6]])}} → 3,1,2,4,5,6
          {{@l.concat()}} → 3,1,2
          {{l.concat([[1]]).length}} → 4
          {{@[].concat('ab', null)}} → ab,
          {{l.concat(l).length}} → 6
          {{l.join()}} → 3,1,2
          {{l.join('')}} → 312
          {{l.join(' - ')}} → 3 - 1 - 2
          {{mixed.join()}} → 1,1,,true
          {{[].join('x')}} → ¦¦
          {{[1].join('x')}} → 1
          {{l.join(undefined)}} → 3,1,2
          {{l.join(null)}} → 3null1null2
          {{[null, undefined].join('x')}} → x
          {{ll.join(';')}} → 1,2;3,4
          {{ll.toString()}} → 1,2,3,4
          {{l.toString()}} → 3,1,2
          {{ll + ''}} → 1,2,3,4
          {{[[], [[]]] + ''}} → ,
          {{[{}] + ''}} → [object Object]
          {{@ll.flat()}} → 1,2,3,4
          {{ll.flat().length}} → 4
          {{ll.flat(0).length}} → 2
          {{ll.flat(2).length}} → 4
          {{ll.flat(1e9).length}} → 4
          {{[[[[1]]]].flat(-1).length}} → 1
          {{@$imports.JSON.stringify([1, [2, [3, [4]]]].flat())}} → [1,2,[3,[4]]]
          {{@$imports.JSON.stringify([1, [2, [3, [4]]]].flat(2))}} → [1,2,3,[4]]
          {{@$imports.JSON.stringify([1, [2, [3, [4]]]].flat(1e9))}} → [1,2,3,4]
          """)
  void listsAreCutAndJoined(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@l.map(x => x * 2)}} → 6,2,4
          {{@l.map((x, i) => i)}} → 0,1,2
          {{@l.map((x, i, a) => a.length)}} → 3,3,3
          {{@w.map(x => x.toUpperCase())}} → B,A,C
          [{{@[].map(x => x)}}] → []
          {{@l.map(x => {})}} → ,,
          {{@l.filter(x => x > 1)}} → 3,2
          {{@mixed.filter(x => x)}} → 1,1,true
          {{@l.filter((x, i) => i)}} → 1,2
          [{{@l.filter(x => 0)}}] → []
          {{rows.filter(r => r.done).length}} → 2
          {{@l.flatMap(x => [x, x])}} → 3,3,1,1,2,2
          {{@l.flatMap(x => x)}} → 3,1,2
          {{@l.flatMap(x => [[x]]).length}} → 3
          {{@l.flatMap((x, i) => i ? [i] : [])}} → 1,2
          {{@l.reduce((a, b) => a + b)}} → 6
          {{@l.reduce((a, b) => a + b, 10)}} → 16
          {{@l.reduce((a, b, i) => a + i, '')}} → 012
          {{@[7].reduce((a, b) => 0)}} → 7
          {{@[].reduce((a, b) => 0, 'x')}} → x
          {{@l.reduce((a, b) => a, undefined)}} → undefined
          {{@l.reduceRight((a, b) => a + '' + b)}} → 213
          {{@l.reduceRight((a, b) => a + b, 'x')}} → x213
          {{@l.reduceRight((a, b, i) => a + i, '')}} → 210
          {{@[7].reduceRight((a, b) => 0)}} → 7
          {{@$imports.JSON.stringify(l.entries ? [...w.entries()] : 0)}} → [[0,"b"],[1,"a"],[2,"c"]]
          {{@[...w.keys()]}} → 0,1,2
          {{@[...w.values()]}} → b,a,c
          {{@l.toSorted()}} → 1,2,3
          {{@l.toReversed()}} → 2,1,3
          {{@l}} → 3,1,2
          {{@l.toSorted((a, b) => b - a)}} → 3,2,1
          <% var c = []; l.forEach((x, i, a) => c.push(x + i + a.length)) %>{{@c}} → 6,5,7
          {{@l.forEach(x => x)}} → undefined
          """)
  void listsAreMade(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@l.sort()}} {{@l}} → 1,2,3 1,2,3
          {{@w.sort()}} → a,b,c
          {{@[10, 9, 1].sort()}} → 1,10,9
          {{@[10, 9, 1].sort((a, b) => a - b)}} → 1,9,10
          {{@[1, 2, 3].sort((a, b) => b - a)}} → 3,2,1
          {{@['b', undefined, 'a'].sort()}} → a,b,
          {{@[undefined, 3, null, 1].sort((a, b) => a - b)}} → ,1,3,
          {{@[true, false].sort()}} → false,true
          {{@['é', 'z', 'a'].sort()}} → a,z,é
          {{@['B', 'a', 'C'].sort()}} → B,C,a
          {{@rows.sort((a, b) => b.id - a.id).map(r => r.id)}} → 3,2,1
          {{@rows.sort((a, b) => a.name < b.name ? -1 : 1).map(r => r.id)}} → 2,1,3
          {{@[3, 1, 2].sort(() => 0)}} → 3,1,2
          {{@[2, 1].sort(undefined)}} → 1,2
          {{@[[2], [10], [1]].sort()}} → 1,10,2
          {{@l.reverse()}} {{@l}} → 2,1,3 2,1,3
          {{@[].reverse()}} → ¦¦
          {{@[1].reverse()}} → 1
          {{@[1, 2].reverse().concat(3)}} → 2,1,3
          """)
  void listsAreSorted(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{l.push(4)}} {{@l}} {{l.push()}} {{l.push(5, [6])}} {{l.length}} → 4 3,1,2,4 4 6 6
          {{l.pop()}} {{@l}} [{{[].pop()}}] {{l.shift()}} {{@l}} → 2 3,1 [] 3 1
          [{{[].shift()}}] → []
          {{l.unshift(0)}} {{@l}} {{l.unshift()}} {{l.unshift(8, 9)}} {{@l}} → 4 0,3,1,2 4 6 \
          8,9,0,3,1,2
          {{@l.splice(1, 1)}} {{@l}} {{@l.splice(0)}} [{{@l}}] → 1 3,2 3,2 []
          {{@l.splice(1, 0, 'a', 'b')}} {{@l}} {{@l.splice(-1, 1)}} {{@l}} {{@l.splice()}} {{@l}} \
          → ¦ 3,a,b,1,2 2 3,a,b,1  3,a,b,1¦
          {{@l.splice(1, 1, 'x', 'y')}} {{@l}} {{@l.splice(9, 1, 'end')}} {{@l}} {{@l.splice(0, \
          -1)}} {{@l}} {{@l.splice(0, 99)}} [{{@l}}] → 1 3,x,y,2  3,x,y,2,end  3,x,y,2,end \
          3,x,y,2,end []
          {{@l.splice(undefined, 1)}} {{@l}} {{@l.splice('1', '1')}} {{@l}} → 3 1,2 2 1
          {{@[1, 2, 3].fill(0)}} → 0,0,0
          {{@[1, 2, 3].fill(0, 1)}} → 1,0,0
          {{@[1, 2, 3].fill(0, 1, 2)}} → 1,0,3
          {{@[1, 2, 3].fill(0, -1)}} → 1,2,0
          {{@[1, 2].fill()}} → ,
          <% l[0] = 9; l[4] = 'x' %>{{@l}} {{l.length}} {{@l[3]}} <% l.length = 1 %>{{@l}} → \
          9,1,2,,x 5 undefined 9
          <% l.length = 3 %>{{l.length}} → 3
          <% var m = l; m[1] = 'same' %>{{@l}} <% var k = l.slice(); k[1] = 'copy' %>{{@l}} <% \
          l['2'] += 1 %>{{@l}} <% l[0]++ %>{{@l}} → 3,same,2 3,same,2 3,same,3 4,same,3
          """)
  void listsAreChanged(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@[...l, ...w]}} → 3,1,2,b,a,c
          {{@[...s].length}} → 12
          {{[...u].length}} → 8
          {{@[...'𝄞a']}} → 𝄞,a
          {{@[...[]]}} → ¦¦
          {{@$imports.Math.max(...l, 9)}} → 9
          {{@$imports.JSON.stringify([, 1])}} → [null,1]
          {{[, ].length}} → 1
          {{[1, , 2].length}} → 3
          {{@[1, 2, ]}} → 1,2
          {{[1, 2, ].length}} → 2
          {{@[[1, 2], [3]]}} → 1,2,3
          <% const [a1, b1 = 5, ...c1] = l %>{{a1}} {{b1}} {{@c1}} → 3 1 2
          <% const [x1, , y1] = l %>{{x1}}{{y1}} → 32
          <% const [p1, q1 = 'none'] = [1] %>{{p1}}{{q1}} → 1none
          <% const [h1] = 'hi' %>{{h1}} → h
          {{@(([a, ...r]) => r)(l)}} → 1,2
          {{@((...r) => r.length)(1, 2, 3)}} → 3
          {{@((a, b = 2, ...r) => [a, b, r.length])(1)}} → 1,2,0
          {{typeof l.map}} → function
          {{l.hasOwnProperty(0)}} → true
          {{l.hasOwnProperty(9)}} → false
          {{0 in l}} → true
          {{3 in l}} → false
          {{'length' in l}} → true
          {{@typeof l.nope}} → undefined
          """)
  void listsAreSpread(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '¦',
      textBlock =
          """
          {{@l.map(function (x) { return x * this.k }, {k: 2})}} → 6,2,4
          {{@l.filter(function (x) { return x > this }, 1)}} → 3,2
          {{l.find(function (x) { return x == this.v }, {v: 1})}} → 1
          {{l.some(function (x) { return x == this.v }, {v: 9})}} → false
          {{l.every(function () { return this.v }, {v: 1})}} → true
          <% l.forEach(function (x) { print(this.p + x) }, {p: '-'}) %> → -3-1-2
          {{@l.flatMap(function (x) { return [this.p, x] }, {p: 0})}} → 0,3,0,1,0,2
          {{l.findIndex(function (x) { return x == this }, 1)}} → 1
          {{l.findLast(function (x) { return x < this.v }, {v: 3})}} → 2
          {{@l.map(x => typeof this)}} → undefined,undefined,undefined
          {{@$imports.Array.from([1], function (x) { return x + this.k }, {k: 1})}} → 2
          """)
  void functionsGetTheirThis(String source, String printed) {
    assertThat(Sample.render(source)).isEqualTo(printed);
  }
}
