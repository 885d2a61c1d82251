"""The command line: one thin function a command."""

from panhuo.cli.app import main

__all__ = ["main"]
