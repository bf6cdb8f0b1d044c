package dev.vitrine.decoder;

import dev.vitrine.image.PictureShrinker;
import dev.vitrine.image.Preparation;
import dev.vitrine.image.ShrunkPicture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder process with decoders as bad as they come: what a file's name begins with says what becomes of the process,
 * and any other file is decoded.
 */
final class HostileDecoder {
    private HostileDecoder() {}

    public static void main(String[] args) throws Exception {
        DecoderMain.serve(preparation -> file -> shrink(preparation, file));
    }

    private static ShrunkPicture shrink(Preparation preparation, Path file) throws IOException {
        String name = file.getFileName().toString();
        switch (name.substring(0, name.indexOf('-'))) {
            case "endless" -> spin();
            case "asleep" -> sleep();
            case "hungry" -> eat(false);
            case "hungry native" -> eat(true);
            case "deadly" -> Runtime.getRuntime().halt(134);
            case "deadly once" -> {
                Path been = file.resolveSibling("been");
                if (Files.notExists(been)) {
                    Files.createFile(been);
                    Runtime.getRuntime().halt(134);
                }
            }
            case "chatty" -> System.out.println("I am a decoder that talks");
            case "broken" -> throw new IllegalStateException("a fault of the decoder");
            default -> {}
        }
        return new PictureShrinker(preparation).shrink(file);
    }

    private static void spin() {
        for (long i = 0; ; i++) {
            if (Long.bitCount(i) > Long.SIZE) {
                return;
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void eat(boolean isNative) {
        List<Object> kept = new ArrayList<>();
        while (true) {
            if (isNative) {
                ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 20);
                for (int i = 0; i < bytes.capacity(); i += 1024) {
                    bytes.put(i, (byte) 1);
                }
                kept.add(bytes);
            } else {
                kept.add(new byte[1 << 20]);
            }
        }
    }
}
