# systemd: unit, users, folders
