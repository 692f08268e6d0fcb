"""What people see while parts start."""

import io

from inference.launch.narration import Plain, Terminal, narrator


def test_a_terminal_shows_one_line_that_changes_and_sentences_that_stay():
    stream = io.StringIO()
    terminal = Terminal(stream)

    terminal.show("Starting: one, two (0 s)")
    terminal.show("Starting: two (1 s)")
    terminal.say("two is ready (1.2 s)")

    clear = "\r\x1b[K"
    expected = f"{clear}Starting: one, two (0 s){clear}Starting: two (1 s){clear}two is ready (1.2 s)\n"
    assert stream.getvalue() == expected


def test_a_file_gets_a_state_only_after_a_quiet_time():
    now = [0.0]
    stream = io.StringIO()
    plain = Plain(stream, every=10, clock=lambda: now[0])

    for now[0], state in [(1.0, "a"), (11.0, "b"), (12.0, "c")]:
        plain.show(state)
    plain.say("done")

    assert stream.getvalue() == "b\ndone\n"


def test_a_stream_that_is_no_terminal_gets_whole_lines():
    assert isinstance(narrator(io.StringIO()), Plain)
