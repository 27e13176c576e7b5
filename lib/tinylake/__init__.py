IDLE_SECONDS = 75  # that a server keeps a connection for its client: longer than clients do, or a request meets its end
