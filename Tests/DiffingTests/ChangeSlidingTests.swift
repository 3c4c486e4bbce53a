// Where an inserted or removed run is shown when it could stand in several places: as git's indent heuristic has it.

import Diffing
import Testing

struct ChangeSlidingTests {
  /// Each picture is what `git diff` prints for the two files.
  @Test(arguments: [
    """
         func a() {
           run()
         }

    +[ ] func b() {
    +[ ]   run()
    +[ ] }
    +[ ]
         func c() {
           run()
         }
    """,
    """
         def a
           one
         end

    +[ ] def b
    +[ ]   two
    +[ ] end
    +[ ]
         def c
           three
         end
    """,
    """
         int a()
         {
         }
    +[ ]
    +[ ] int b()
    +[ ] {
    +[ ] }
    """,
    """
         for x in y {
           a()
         }
    +[ ] for w in y {
    +[ ]   c()
    +[ ] }
         for z in y {
           b()
         }
    """,
    """
         import A
         import B

    +[ ] let w = 1
    +[ ]
         let x = 1
    """,
    """
         func a() {
           run()
         }

    -[ ] func b() {
    -[ ]   run()
    -[ ] }
    -[ ]
         func c() {
           run()
         }
    """,
    """
           a: 1
           b: 2
           b: 2
    +[ ]   b: 2
           c: 3
    """,
    """
         class A {
           /// One.
           func one() {
           }

    +[ ]   /// Two.
    +[ ]   func two() {
    +[ ]   }
    +[ ]
           /// Three.
           func three() {
           }
         }
    """,
    """
         class A {
           /// One.
           func one() {
           }
    +[ ]
    +[ ]   /// Two.
    +[ ]   func two() {
    +[ ]   }
         }
    """,
    """
         if a {
           x
    +[ ] } else if b {
    +[ ]   x
         } else {
           y
         }
    """,
    """
         case 1:
             a()
             break
    +[ ] case 2:
    +[ ]     b()
    +[ ]     break
         case 3:
             c()
             break
    """,
  ])
  func `an inserted or removed run stands where git puts it`(_ picture: String) {
    #expect(MarkedDiff(picture).picture == picture)
  }

  @Test func `a run that could slide stops one line short of its neighbours`() {
    for count in 1...5 {
      let old = String(repeating: "x\n", count: count) + "end\n"
      let new = "begin\n" + String(repeating: "x\n", count: count + 1) + "end\nlast\n"
      let diff = FileDiff.between(TextFile(Array(old.utf8)), TextFile(Array(new.utf8)))
      #expect(DiffShape.fault(in: diff) == nil)
      #expect(diff.groups.count == 3 || diff.changedLineCount == 3)
    }
  }
}
