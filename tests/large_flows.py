"""Flows that are large in ways that matter: many paths, many callers of one module."""

from __future__ import annotations

_HEAD = """inboundCall:
  name: {name}
  startUpRef: "/inboundCall/tasks/task[Main_1]"
  settingsSpeechRec:
    suppressRecording: false
  tasks:
    - task:
        name: Main
        refId: Main_1
        actions:
"""
_TAIL = """          - enableParticipantRecord:
              name: Enable
          - disconnect:
              name: Bye
"""


def diamonds(count: int) -> str:
    """A flow of `count` decisions in a row, 2 ** count paths, each on a variable of its own."""
    body = "".join(
        f"""          - decision:
              name: Choice {i}
              condition:
                exp: "Flow.V{i} == \\"a\\""
              outputs:
                "yes":
                  actions:
                    - playAudio:
                        name: Left {i}
                        audio:
                          tts: Thank you.
                "no":
                  actions:
                    - playAudio:
                        name: Right {i}
                        audio:
                          tts: Please wait.
"""
        for i in range(count)
    )
    return _HEAD.format(name="Diamonds") + body + _TAIL


def callers(count: int) -> str:
    """A flow that calls one module from `count` places."""
    body = "".join(
        f"""          - callCommonModule:
              name: Call {i}
              commonModule:
                Asking:
                  ver_latestPublished:
                    inputs: {{}}
                    outputs: {{}}
"""
        for i in range(count)
    )
    return _HEAD.format(name="Callers") + body + _TAIL


def module(actions: int) -> str:
    """A common module that asks for consent behind `actions` announcements."""
    body = "".join(
        f"""          - playAudio:
              name: Word {i}
              audio:
                tts: Welcome.
"""
        for i in range(actions)
    )
    return f"""commonModule:
  name: Asking
  startUpRef: "/commonModule/tasks/task[Ask_1]"
  tasks:
    - task:
        name: Ask
        refId: Ask_1
        actions:
{body}          - collectInput:
              name: Ask consent
              inputData:
                var: Task.Answer
              digits:
                exact: 1
              inputAudio:
                tts: Press 1 if you agree that this call is recorded.
"""
