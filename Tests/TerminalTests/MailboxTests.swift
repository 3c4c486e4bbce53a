// Events from many threads to one loop.

import Glibc
import Terminal
import Testing

@Suite struct MailboxTests {
  @Test func `nothing posted is lost, and each sender's order is kept`() async {
    let waker = Waker()
    let mailbox = Mailbox<(sender: Int, number: Int)>(waker: waker)
    await withTaskGroup(of: Void.self) { group in
      for sender in 0..<8 {
        group.addTask {
          for number in 0..<500 { mailbox.post((sender, number)) }
        }
      }
    }
    let events = mailbox.drain()
    #expect(events.count == 4000)
    for sender in 0..<8 {
      #expect(events.filter { $0.sender == sender }.map(\.number) == Array(0..<500))
    }
    #expect(mailbox.drain().isEmpty)
  }

  @Test func `a post wakes once, and again after a drain`() {
    let waker = Waker()
    let mailbox = Mailbox<Int>(waker: waker)
    #expect(!isReadable(waker))
    mailbox.post(1)
    mailbox.post(2)
    #expect(isReadable(waker))
    waker.clear()
    #expect(!isReadable(waker))
    #expect(mailbox.drain() == [1, 2])
    mailbox.post(3)
    #expect(isReadable(waker))
  }

  private func isReadable(_ waker: Waker) -> Bool {
    var descriptor = pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, 0) == 1
  }
}
