// A small program on the Terminal target, for tests on a pseudo terminal: it shows the keys it
// gets, and does what the keys below ask for.
//
//   q leave   c trap   e run an editor   l log a line   t throw the mailbox a letter from a thread
//   ^z stop   anything else is only shown

import CellGrid
import Glibc
import Terminal

func frame(_ size: GridSize, keys: [String], note: String) -> Frame {
  var grid = Grid(size, style: Style())
  grid.paint { painter in
    painter.fill(rows: 0..<1, columns: 0..<size.columns, style: Style(on: .header))
    painter.text(
      "probe \(size.rows)x\(size.columns)", row: 0, column: 0, style: Style(.title, on: .header))
    painter.text("added", row: 1, column: 0, style: Style(.plain, on: .added))
    painter.text("removed", row: 1, column: 6, style: Style(.plain, on: .removedSpan))
    painter.text("漢字e\u{301}|", row: 2, column: 0, style: Style())
    painter.safe(
      SafeText([0x61, 0x1B, 0xE2, 0x80, 0xAE, 0xFF, 0x62]), row: 3, column: 0, style: Style())
    painter.text("note: \(note)|", row: 4, column: 0, style: Style())
    for (index, key) in keys.suffix(max(0, size.rows - 5)).enumerated() {
      painter.text("key: \(key)|", row: 5 + index, column: 0, style: Style())
    }
  }
  return Frame(grid: grid, cursor: Cursor(row: 4, column: 2))
}

func say(_ text: String, to descriptor: CInt) {
  let bytes = Array(text.utf8)
  _ = write(descriptor, bytes, bytes.count)
}

func spelled(_ key: Key) -> String {
  switch key {
  case .paste(let bytes): "paste \(SafeText(bytes).glyphs().map(\.text).joined())"
  case .wheel(_, let row, let column), .click(let row, let column): "\(key.name) \(row),\(column)"
  default: key.name
  }
}

func run() -> CInt {
  let executor = TerminalActor.executor
  executor.bindToCurrentThread()
  let mailbox = Mailbox<String>(waker: executor.waker)
  let screen: Screen
  do {
    screen = try Screen(theme: .dark)
  } catch {
    say("probe: \(error)\n", to: 1)
    return 3
  }
  let loop = TerminalLoop(screen: screen, waker: executor.waker)
  var keys: [String] = []
  var note = "ready"
  var status: CInt?
  while status == nil {
    screen.paint(frame(screen.size, keys: keys, note: note))
    let wakeup = loop.wait()
    for signal in wakeup.signals {
      switch signal {
      case .resize: screen.refreshSize()
      case .terminate(let number): status = 10 + number
      case .hangUp: status = 5
      case .suspend: screen.suspend()
      case .resumed: screen.recover()
      }
    }
    if wakeup.hasMail {
      executor.drain()
      for letter in mailbox.drain() { note = letter }
    }
    if wakeup.hasInput {
      for key in loop.readKeys() {
        keys.append(spelled(key))
        switch key {
        case .character("q"): status = 0
        case .character("c"): fatalError("the probe was asked to trap")
        case .character("l"): say("logged while the screen was up\n", to: 2)
        case .character("t"):
          Task.detached {
            await { @TerminalActor in mailbox.post("from the terminal actor") }()
          }
        case .character("e"):
          do {
            let exit = try screen.run([
              "sh", "-c", "printf 'in the editor\\r\\n'; read line; exit 7",
            ])
            note = "editor \(exit)"
          } catch {
            note = "\(error)"
          }
        case .control("z"):
          screen.suspend()
          note = "back"
        default: break
        }
      }
    }
    if wakeup.isHungUp { status = status ?? 6 }
  }
  screen.close()
  return status ?? 0
}

exit(run())
