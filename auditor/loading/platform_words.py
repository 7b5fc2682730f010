"""Words of the platform itself, which every organisation has: they name no one and decide much."""

from __future__ import annotations

from auditor.loading.kinds import KINDS
from auditor.model.expression_tools import FUNCTIONS

_SCOPES = """
bot call chat common email flow interaction menu message session slot state survey task workflow workitem
prompt promptsystem promptuser system conversation
"""
_CALL = """
ani calledaddress calledaddressoriginal conversationid callerid remotename currentqueue language uuidata
estimatedwaittime positioninqueue iscallback tel sip
"""
_VALUES = """
active inactive deleted external phone edge user group ivr config pure cloud voice provider true false none
null not set default latestpublished lastpublished noentry entireflow startupobject inbound outbound internal
agentfirst customerfirst agentless preview power predictive progressive disconnect hangup transfer flow queue
transferflow callable lineconnected person machine fax sit uncallable busy noanswer freq weekly daily monthly
yearly byday bymonth until interval count groupring groupphone primary work home mobile other station webrtc
genesys genesyscloud purecloud byoc carrier pcv metabase json yaml instance managed digit star pound asterisk
hash exact min max var lit exp ver published latest draft task loop start up startup expression string integer
boolean decimal duration datetime currency ttl tts ssml speak break prosody voice xml lang opt opt_in opt_out
announcement strictest critical high medium low info
"""
_TITLES = """
action actions collect input play audio decision switch update data enable participant record transfer acd
number group flow secure module common call jump reusable lookup table find evaluate schedule choice outputs
success failure timeout found missing yes no case value name lex robot dialog response set get attributes
queue skill language clear menu disconnect end
"""
PLATFORM = frozenset(
    {
        *_SCOPES.split(),
        *_CALL.split(),
        *_VALUES.split(),
        *(name.casefold() for name in FUNCTIONS),
        *(word for kind in KINDS for word in kind.words),
    }
)
"""Whole runs of letters that stay, without regard to case."""
HUMPS = frozenset(_TITLES.split())
"""Parts of such runs that stay: they name what an action is."""
