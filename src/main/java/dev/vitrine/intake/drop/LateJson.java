package dev.vitrine.intake.drop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Brings a picture that was taken without its JSON back into the drop folder, when the JSON has come. */
final class LateJson {
    /** Until when after its picture JSON still belongs to it. */
    static final Duration LATE = Duration.ofHours(1);

    private final Path inbox;
    private final Path done;
    private final Clock clock;

    LateJson(Path inbox, Clock clock) {
        this.inbox = inbox;
        this.done = inbox.resolve(".done");
        this.clock = clock;
    }

    /**
     * Brings back the picture of this JSON that was taken last, not long ago.
     *
     * @return whether there was one
     */
    boolean bringBack(FileName json) throws IOException {
        Optional<FileName> picture = picture(json.stem());
        if (picture.isEmpty()) {
            return false;
        }
        FileName name = picture.get();
        if (!Files.exists(name.in(inbox), LinkOption.NOFOLLOW_LINKS)) {
            try {
                Moves.ATOMIC.move(name.in(done), name.in(inbox));
            } catch (NoSuchFileException e) {
                return true; // another process was quicker
            }
        }
        return true;
    }

    private Optional<FileName> picture(FileName stem) throws IOException {
        FileName newest = null;
        long at = clock.millis() - LATE.toMillis();
        for (String ending : endings(stem)) {
            FileName name = new FileName(stem.encoded() + ending);
            Path path = name.in(done);
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                long moved = Seen.at(path).changed().toMillis();
                if (moved >= at) {
                    at = moved;
                    newest = name;
                }
            }
        }
        return Optional.ofNullable(newest);
    }

    private static Set<String> endings(FileName stem) {
        Set<String> endings = new HashSet<>();
        if (Sweep.PICTURES.contains(stem.extension())) {
            endings.add(""); // mug.jpg.json
        }
        for (String ending : Sweep.PICTURES) {
            endings.add("." + ending);
            endings.add("." + ending.toUpperCase(Locale.ROOT));
        }
        return endings;
    }
}
