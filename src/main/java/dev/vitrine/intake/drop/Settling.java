package dev.vitrine.intake.drop;

import dev.vitrine.image.PictureFormat;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.UnusablePictureException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tells whether the copy of a file into the folder is complete. What counts is for how long nothing about the file was
 * seen to change, not the times that it carries: these come from other clocks. One thread.
 */
final class Settling {
    /** For how long a file must stand still before it is looked at. */
    static final Duration STILL = Duration.ofSeconds(1);

    /** The same where a picture's structure does not prove that its content is there. */
    static final Duration STILL_UNPROVEN = Duration.ofSeconds(2);

    /** For how long what cannot be read, or is of another kind, stands still before it is refused. */
    static final Duration REFUSE = Duration.ofSeconds(5);

    /** From when on a copy is said to have come to a halt; and for how long a broken picture may be rewritten. */
    static final Duration STALLED = Duration.ofSeconds(30);

    /** For how long a picture whose end is zeros may be a copy that reserved its room first. */
    static final Duration ZEROS = Duration.ofMinutes(5);

    /** When a copy that came to a halt is refused. */
    static final Duration GIVEN_UP = Duration.ofHours(1);

    /** Their last bytes show that all is there; the others' header alone says how long they are. */
    private static final Set<PictureFormat> PROVEN = EnumSet.of(PictureFormat.JPEG, PictureFormat.PNG);

    private static final int TAIL = 32;

    /** What is to be done with a file now. */
    enum Action {
        /** Nothing yet. */
        WAIT,
        /** Nothing yet, and whoever dropped it should know. */
        SAY,
        TAKE,
        REFUSE
    }

    /** @param reason for {@code SAY} and {@code REFUSE} */
    record Verdict(Action action, String reason) {
        private static final Verdict WAIT = new Verdict(Action.WAIT, null);
        private static final Verdict TAKE = new Verdict(Action.TAKE, null);
    }

    private enum Content {
        WHOLE,
        UNPROVEN,
        ENDS_IN_ZEROS,
        CUT_OFF,
        DAMAGED,
        UNREADABLE
    }

    private record Finding(Content content, String reason) {}

    private static final class Standing {
        final String version;
        final Instant since;
        Finding finding;

        Standing(String version, Instant since) {
            this.version = version;
            this.since = since;
        }
    }

    private final PictureInspector inspector;
    private final Clock clock;
    private final Map<FileName, Standing> standing = new HashMap<>();

    Settling(PictureInspector inspector, Clock clock) {
        this.inspector = inspector;
        this.clock = clock;
    }

    /** For how long nothing about a file has changed, as far as it was looked at. */
    Duration still(Seen file) {
        return Duration.between(standing(file).since, clock.instant());
    }

    /** What is to be done with a picture. */
    Verdict picture(Seen file) {
        Standing now = standing(file);
        Duration still = Duration.between(now.since, clock.instant());
        if (still.compareTo(STILL) < 0) {
            return Verdict.WAIT;
        }
        if (now.finding == null) {
            now.finding = examine(file.path());
        }
        String reason = now.finding.reason;
        return switch (now.finding.content) {
            case WHOLE -> Verdict.TAKE;
            case UNPROVEN -> still.compareTo(STILL_UNPROVEN) < 0 ? Verdict.WAIT : Verdict.TAKE;
            case ENDS_IN_ZEROS -> still.compareTo(ZEROS) < 0 ? stalled(still, reason) : Verdict.TAKE;
            case CUT_OFF -> still.compareTo(GIVEN_UP) < 0 ? stalled(still, reason) : Verdict.TAKE;
            case DAMAGED -> still.compareTo(STALLED) < 0 ? Verdict.WAIT : Verdict.TAKE;
            case UNREADABLE -> still.compareTo(REFUSE) < 0 ? Verdict.WAIT : new Verdict(Action.REFUSE, reason);
        };
    }

    /** Forgets files that are not there any more. */
    void keep(Collection<FileName> present) {
        standing.keySet().retainAll(present);
    }

    private static Verdict stalled(Duration still, String reason) {
        return still.compareTo(STALLED) < 0 ? Verdict.WAIT : new Verdict(Action.SAY, reason);
    }

    private Standing standing(Seen file) {
        String version = file.version();
        Standing before = standing.get(file.name());
        if (before == null || !before.version.equals(version)) {
            before = new Standing(version, clock.instant());
            standing.put(file.name(), before);
        }
        return before;
    }

    private Finding examine(Path picture) {
        try {
            boolean zeros = endsInZeros(picture);
            try {
                boolean proven = PROVEN.contains(inspector.inspect(picture).format());
                return proven
                        ? new Finding(Content.WHOLE, null)
                        : zeros ? zeros() : new Finding(Content.UNPROVEN, null);
            } catch (UnusablePictureException e) {
                return unusable(e, zeros);
            }
        } catch (IOException e) {
            return new Finding(Content.UNREADABLE, Refusals.cannot("be read", e));
        }
    }

    private static Finding zeros() {
        return new Finding(
                Content.ENDS_IN_ZEROS,
                "ends in zeros, as a copy does that is not finished. It is taken as it is when it has not changed for "
                        + ZEROS.toMinutes() + " minutes.");
    }

    private static Finding unusable(UnusablePictureException e, boolean zeros) {
        return switch (e.reason()) {
            case EMPTY -> cutOff("is empty");
            case DAMAGED ->
                zeros || e.getCause() instanceof EOFException
                        ? cutOff("is not whole: its end is missing")
                        : new Finding(Content.DAMAGED, null);
            case UNSUPPORTED -> zeros ? cutOff("holds only zeros so far") : new Finding(Content.UNPROVEN, null);
            default -> new Finding(Content.UNPROVEN, null); // whoever takes it will say
        };
    }

    private static Finding cutOff(String what) {
        return new Finding(
                Content.CUT_OFF,
                what + ". If it is still being copied, all is well; if not, drop it again. After " + GIVEN_UP.toHours()
                        + " hour without a change it goes to .failed/.");
    }

    private static boolean endsInZeros(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long size = channel.size();
            ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL, size));
            channel.position(size - tail.capacity());
            while (tail.hasRemaining() && channel.read(tail) >= 0) {
                // a file may give less than was asked for
            }
            tail.flip();
            while (tail.hasRemaining()) {
                if (tail.get() != 0) {
                    return false;
                }
            }
            return size > 0;
        }
    }
}
