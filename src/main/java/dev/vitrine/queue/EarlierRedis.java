package dev.vitrine.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what still runs on a folder: a server whose service is gone, or one that its service has lost sight of. */
final class EarlierRedis {

    private static final Logger LOG = LoggerFactory.getLogger(EarlierRedis.class);

    private EarlierRedis() {}

    /**
     * Returns when no server runs on the folder, which the caller has locked.
     *
     * @throws IOException when one does not end, or when nobody can say whether there is one
     */
    static void end(RedisFolder folder) throws IOException {
        Map<String, String> old = folder.settings();
        if (old.isEmpty()) {
            return; // the last one was shut down in order
        }
        try {
            OptionalLong pid = folder.pid();
            if (pid.isPresent()) {
                Optional<ServerProcess> named = ServerProcess.find(pid.getAsLong());
                if (named.isPresent()) {
                    try (ServerProcess process = named.get()) {
                        end(process, folder, old);
                    }
                }
            }
            // The file of the number may be gone, or speak of another process.
            for (long other : runningFrom(folder.path())) {
                Optional<ServerProcess> found = ServerProcess.find(other);
                if (found.isPresent()) {
                    try (ServerProcess process = found.get()) {
                        askToEnd(process, folder);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while an old Redis in " + folder + " was shutting down", e);
        }
    }

    private static void end(ServerProcess process, RedisFolder folder, Map<String, String> old)
            throws IOException, InterruptedException {
        String password = old.getOrDefault("requirepass", "");
        RedisAccess access = new RedisAccess(Integer.parseInt(old.getOrDefault("port", "0")), password);
        if (access.port() > 0 && !password.isEmpty() && access.serves(folder.path())) {
            LOG.info("Redis {} on {} outlived its service; shutting it down in order", process.pid(), folder);
            access.shutDown(process);
        } else if (process.command()
                .filter(program -> program.startsWith(folder.path()))
                .isPresent()) {
            askToEnd(process, folder);
        }
        // Any other process has only inherited the number of one that is gone.
    }

    /** For one that is loading or whose configuration is lost. SIGTERM makes Redis write what it has and end. */
    private static void askToEnd(ServerProcess process, RedisFolder folder) throws IOException, InterruptedException {
        LOG.info("Redis {} on {} does not answer; asking it to end", process.pid(), folder);
        process.end();
    }

    /** The bundled server is unpacked into the folder. */
    private static List<Long> runningFrom(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .map(Path::of)
                        .filter(program -> program.startsWith(folder))
                        .isPresent())
                .map(ProcessHandle::pid)
                .toList();
    }
}
