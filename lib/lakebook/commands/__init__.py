"""The subcommands of `lakebook`: one file each, found by `cli`, which registers themselves on the app."""
