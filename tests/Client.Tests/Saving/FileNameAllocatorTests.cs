using Chuizi.Video.Client.Saving;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class FileNameAllocatorTests
{
    private static readonly string s_folder = Path.GetFullPath("videos");

    private static readonly Gen<string> s_name =
        Gen.OneOf("a", "A", "a (2)", "A (3)", "../a", "é", "e\u0301", "", ".mp4", "CON", "a.");

    [Fact]
    public void A_repeated_name_gets_a_number()
    {
        FileNameAllocator names = new(s_folder);
        new[] { "kite", "Kite", "KITE.mp4", "kite (2)", "other", "kite" }
            .Select(wanted => names.Allocate(wanted, "v"))
            .Select(Path.GetFileName)
            .ShouldBe(["kite.mp4", "Kite (2).mp4", "KITE (3).mp4", "kite (2) (2).mp4", "other.mp4", "kite (4).mp4"]);
    }

    [Fact]
    public void Names_are_unique_and_stay_in_the_folder() =>
        Gen.OneOf(s_name, Gen.String).Array[1, 40].Sample(wanted =>
        {
            FileNameAllocator names = new(s_folder);
            string[] taken = [.. wanted.Select(name => names.Allocate(name, "v"))];
            taken.Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(wanted.Length);
            taken.ShouldAllBe(path => Path.GetDirectoryName(Path.GetFullPath(path)) == s_folder);
        });

    [Theory]
    [InlineData("kite.mp4", true)]
    [InlineData("kite (2).mp4", true)]
    [InlineData("profile.ps1", false)]
    [InlineData("kite", false)]
    [InlineData("kite.ps1:.mp4", false)]
    [InlineData("../kite.mp4", false)]
    [InlineData("sub/kite.mp4", false)]
    [InlineData("kite\ufffe.mp4", true)]
    [InlineData("", false)]
    public void Only_a_video_in_the_folder_keeps_its_name(string name, bool expected) =>
        new FileNameAllocator(s_folder).TryKeep(s_folder + "/" + name, "v").ShouldBe(expected);

    [Fact]
    public void A_later_run_keeps_every_allocated_name() =>
        Gen.String.Array[1, 5].Sample(wanted =>
        {
            FileNameAllocator names = new(s_folder);
            string[] taken = [.. wanted.Concat(wanted).Select(name => names.Allocate(name + new string('x', 300), "v"))];
            taken.ShouldAllBe(path => new FileNameAllocator(s_folder).TryKeep(path, "v"));
        });

    [Fact]
    public void A_name_allocated_to_another_video_of_the_run_is_not_kept()
    {
        FileNameAllocator names = new(s_folder);
        string path = names.Allocate("kite", "a");
        names.TryKeep(path, "a").ShouldBeTrue();
        names.TryKeep(path, "b").ShouldBeFalse();
        names.TryKeep(path.Replace("kite", "KITE", StringComparison.Ordinal), "b").ShouldBeFalse();
        Path.GetFileName(names.Allocate("kite", "b")).ShouldBe("kite (2).mp4");
    }

    [Fact]
    public void A_new_name_belongs_to_its_video_at_once()
    {
        FileNameAllocator names = new(s_folder);
        string path = names.Allocate("kite", "a", isKept: _ => false);
        names.TryKeep(path, "b").ShouldBeFalse();
        names.TryKeep(path, "a").ShouldBeTrue();
    }

    [Fact]
    public void A_name_skipped_because_another_video_owns_it_is_kept_by_its_owner()
    {
        FileNameAllocator names = new(s_folder);
        string anothers = Path.Combine(s_folder, "kite.mp4");
        Path.GetFileName(names.Allocate("kite", "a", path => path == anothers)).ShouldBe("kite (2).mp4");
        names.TryKeep(anothers, "b").ShouldBeTrue();
        Path.GetFileName(names.Allocate("kite", "c")).ShouldBe("kite (3).mp4");
    }

    [Fact]
    public void A_name_is_kept_at_a_drive_root_and_after_a_doubled_separator()
    {
        string root = Path.GetPathRoot(s_folder)!;
        new FileNameAllocator(root).TryKeep(Path.Combine(root, "kite.mp4"), "v").ShouldBeTrue();
        string doubled = s_folder + Path.DirectorySeparatorChar + Path.DirectorySeparatorChar;
        new FileNameAllocator(doubled).TryKeep(Path.Combine(s_folder, "kite.mp4"), "v").ShouldBeTrue();
    }

    [Fact]
    public void A_kept_file_stays_with_its_video()
    {
        FileNameAllocator names = new(s_folder);
        string path = names.Allocate("kite", "c", isKept: _ => true);
        names.TryKeep(path, "a").ShouldBeTrue();
        names.TryKeep(path, "c").ShouldBeFalse();
        Path.GetFileName(names.Allocate("kite", "d")).ShouldBe("kite (2).mp4");
    }

    // All videos of a batch may have one prompt and name. Numbering 100,000 of them must not search all earlier names each time.
    [Trait("Speed", "Medium")]
    [Fact]
    public void A_hundred_thousand_equal_names_are_numbered_quickly()
    {
        FileNameAllocator names = new(s_folder);
        string last = "";
        for (int count = 0; count < 100_000; count++)
        {
            last = names.Allocate("kite", "v");
        }

        Path.GetFileName(last).ShouldBe("kite (100000).mp4");
    }
}
