package dev.canvas.media;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Validates the CSS colours that an item may have: a name, hexadecimal digits, {@code rgb()} or
 * {@code hsl()} (CSS Color 4, sections 4 to 7). Accepts less than CSS does, so that a valid colour
 * can be put into a style attribute unescaped.
 */
public final class CssColour {

  private static final int MAX_LENGTH = 80;

  private static final String NUMBER = "[+-]?\\d{1,4}(?:\\.\\d{1,6})?";
  private static final String AMOUNT = NUMBER + "%?";
  private static final String HUE = NUMBER + "(?:deg)?";

  private static final Pattern FUNCTION =
      Pattern.compile(
          "rgba?\\((?:%2$s *, *%2$s *, *%2$s(?: *, *%2$s)?|%2$s %2$s %2$s(?: */ *%2$s)?)\\)"
                  .replace("%2$s", AMOUNT)
              + "|hsla?\\((?:%1$s *, *%2$s *, *%2$s(?: *, *%2$s)?|%1$s %2$s %2$s(?: */ *%2$s)?)\\)"
                  .replace("%1$s", HUE)
                  .replace("%2$s", AMOUNT));

  private static final Set<String> NAMES =
      Set.of(
          """
          aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue
          blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk
          crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki
          darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
          darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue
          dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite
          gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki
          lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
          lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen
          lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen
          magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen
          mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream
          mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
          palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum
          powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown
          seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen
          steelblue tan teal thistle tomato transparent turquoise violet wheat white whitesmoke
          yellow yellowgreen"""
              .split("\\s+"));

  private CssColour() {}

  /** Whether a text is such a colour. */
  public static boolean isValid(String text) {
    if (text.startsWith("#")) {
      return isHexadecimal(text);
    }
    return text.length() <= MAX_LENGTH
        && (NAMES.contains(text.toLowerCase(Locale.ROOT)) || FUNCTION.matcher(text).matches());
  }

  private static boolean isHexadecimal(String text) {
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 'f' || Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return switch (text.length()) {
      case 4, 5, 7, 9 -> true;
      default -> false;
    };
  }
}
