package dev.vitrine.cluster;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Carries bytes between two connections. */
final class Pump {
    private Pump() {}

    /** Carries in both directions until one side ends, then closes both. */
    static void both(SocketChannel one, SocketChannel other) {
        start(() -> copy(other, one));
        copy(one, other);
    }

    /** Runs a task on a thread that does not keep the program alive. */
    static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // as good as closed
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            // one side is gone
        } finally {
            close(from);
            close(to);
        }
    }
}
