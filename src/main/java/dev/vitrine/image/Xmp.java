package dev.vitrine.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the orientation in an XMP packet, as an attribute or an element (XMP part 2, 3.2: the TIFF namespace). */
final class Xmp {
    /** How much of a packet is looked at; those that cameras write have a few kilobytes. */
    static final int LONGEST = 1 << 20;

    private static final Pattern ORIENTATION =
            Pattern.compile("tiff:Orientation(?:\\s*=\\s*[\"']|\\s*>\\s*)([1-8])(?![0-9])");

    private Xmp() {}

    /** The orientation 1 to 8; 1 where the packet names none. */
    static int orientation(String packet) {
        Matcher matcher = ORIENTATION.matcher(packet);
        return matcher.find() ? matcher.group(1).charAt(0) - '0' : 1;
    }
}
