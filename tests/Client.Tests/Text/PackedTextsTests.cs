using Chuizi.Video.Client.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class PackedTextsTests
{
    private static readonly Gen<string?> s_text = Gen.OneOf<string?>(
        Gen.Const((string?)null),
        Gen.String["0123456789abcdef"].Select(text => (string?)text),
        Gen.String["ABCDEF0123456789-"].Select(text => (string?)text),
        Gen.String[Gen.Char['\0', '\u00FF'], 0, 400].Select(text => (string?)text),
        // Lone surrogates included: a file name may contain them.
        Gen.String[Gen.Char['\u00F0', '\uFFFF'], 0, 20].Select(text => (string?)text));

    [Fact]
    public void Every_text_comes_back_unchanged_whatever_is_set_before_and_after() =>
        Gen.Select(Gen.Int[0, 63], s_text).Array[1, 40].Sample(changes =>
        {
            PackedTexts texts = default;
            Dictionary<int, string?> expected = [];
            foreach ((int number, string? text) in changes)
            {
                texts.Set(number, text);
                expected[number] = text;
            }

            for (int number = 0; number < 64; number++)
            {
                string? text = expected.GetValueOrDefault(number);
                texts[number].ShouldBe(text);
                texts.Has(number).ShouldBe(text is not null);
                texts.Equals(number, text).ShouldBe(text is not null);
                texts.Equals(number, text + "x").ShouldBeFalse();
            }
        });

    [Fact]
    public void A_copy_does_not_change_with_the_original()
    {
        PackedTexts texts = default;
        texts.Set(1, "before");
        PackedTexts copy = texts;
        texts.Set(1, "after");
        texts.Set(2, "new");
        (copy[1], copy[2]).ShouldBe(("before", null));
    }

    [Fact]
    public void Texts_are_compared_as_paths_are()
    {
        PackedTexts texts = default;
        texts.Set(1, "/Videos/Ä.mp4");
        texts.Equals(1, "/videos/ä.mp4").ShouldBeFalse();
        texts.Equals(1, "/videos/ä.mp4", StringComparison.OrdinalIgnoreCase).ShouldBeTrue();
    }
}
