using System.Text;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>Names from rows, ids and ledgers: none leaves the folder, is a device name, or is too long for a file system.</summary>
[Trait("Speed", "Medium")]
public sealed class NameTests
{
    private static readonly string[] s_devices = ["CON", "PRN", "AUX", "NUL", "COM1", "COM9", "LPT1", "COM¹", "CONIN$", "CONOUT$"];

    private static readonly Gen<string> s_piece = Gen.OneOf(
        Gen.OneOf(
            "..",
            ".",
            "/",
            "\\",
            "../",
            "..\\",
            "//",
            "C:",
            "C:\\",
            "\\\\?\\",
            "\\\\server\\share\\",
            "~",
            "$HOME",
            "%TEMP%",
            "`",
            "|",
            "*",
            "?",
            "<",
            ">",
            "\"",
            ":",
            ":Zone.Identifier",
            "\0",
            "\r",
            "\n",
            "\u001b[2J",
            " ",
            ".mp4",
            ".MP4",
            ".part",
            ".json",
            "\u202e",
            "\u200d",
            "\ud800",
            "\udc00",
            "\ufffe",
            "e\u0301",
            "\u212a",
            "ı",
            "ß",
            "🎬",
            "\u3000",
            "\u2024",
            "\uff0e",
            "\uff0f",
            "\u2215",
            "a",
            "kite"),
        Gen.OneOf(s_devices),
        Gen.OneOf(s_devices).Select(name => name.ToLowerInvariant()),
        Gen.Select(
            Gen.OneOf("x", "視", "🎬", "e\u0301", ".", " "),
            Gen.Int[1, 10_000],
            (letter, count) => string.Concat(Enumerable.Repeat(letter, count))),
        Gen.Char.Array[0, 20].Select(letters => new string(letters)));

    private static readonly Gen<string> s_name = s_piece.Array[1, 4].Select(string.Concat);

    [Fact]
    public void No_name_leaves_the_folder_or_is_reserved() =>
        s_name.Array[1, 6].Try(names =>
        {
            using TempFolder folder = new();
            FileNameAllocator targets = new(folder.Path);
            foreach ((string wanted, int number) in names.Select((name, number) => (name, number)))
            {
                string path = targets.Allocate(wanted, "vid-" + number);
                Path.GetFullPath(path).ShouldBe(path);
                Path.GetDirectoryName(path).ShouldBe(folder.Path);
                ShouldBeGood(Path.GetFileName(path));
                // Two names that the file system considers equal would share one file.
                File.Exists(path).ShouldBeFalse(path);
                File.WriteAllBytes(path, [1]);
                File.WriteAllBytes(Sidecar.PathOf(path + ".part"), [1]);
            }

            folder.Names.Count().ShouldBe(2 * names.Length);
        }, 400);

    [Fact]
    public void A_name_from_a_ledger_is_kept_only_if_it_is_valid_for_a_video() =>
        Gen.Select(s_name, Gen.OneOf("", "/", "sub/", "../"))
            .Try(
                sample =>
                {
                    string folder = Path.Combine(Path.GetTempPath(), "chuizi-names");
                    string path =
                        folder
                        + Path.DirectorySeparatorChar
                        + sample.Item2
                        + sample.Item1.Replace("\0", "", StringComparison.Ordinal)
                        + ".mp4";
                    if (new FileNameAllocator(folder).TryKeep(path, "vid-1"))
                    {
                        Path.GetFullPath(path).ShouldBe(Path.Combine(folder, Path.GetFileName(path)));
                        ShouldBeNoDevice(Path.GetFileName(path));
                    }
                },
                3000);

    private static void ShouldBeGood(string name)
    {
        name.ShouldEndWith(".mp4");
        Encoding.UTF8.GetByteCount(name + ".part.json").ShouldBeLessThanOrEqualTo(255);
        name.ShouldAllBe(letter => !char.IsControl(letter) && !"<>:\"/\\|?*".Contains(letter));
        name.ShouldNotStartWith(" ");
        name.ShouldNotStartWith(".");
        ShouldBeNoDevice(name);
    }

    private static void ShouldBeNoDevice(string name) => s_devices.ShouldNotContain(name.Split('.')[0].TrimEnd().ToUpperInvariant());
}
