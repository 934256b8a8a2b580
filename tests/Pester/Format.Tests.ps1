BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
    $videos = 'a very long prompt of a ship in a storm, seen from the coast, with lightning and rain, at night, in the style of an old master',
    "two`nlines", 'forbidden' | New-ChuiziVideo -Model bailian/happyhorse-1.0-t2v -Duration 5 | Wait-ChuiziVideo -ErrorAction SilentlyContinue
}

AfterAll {
    Stop-ChuiziVideoSandbox
}

Describe 'The table of videos at <_> columns' -ForEach 80, 120 {
    BeforeAll {
        $width = $_
        $lines = Format-AtWidth $videos $width | Where-Object { $_ }
    }

    It 'fits' {
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
    }

    It 'has a line for the names, one below them and one for each video' {
        $lines.Count | Should -Be (2 + $videos.Count)
    }

    It 'shows the columns that matter' {
        $lines[0] -split '\s+' | Should -Be 'Status', 'Model', 'Sec', 'Cost', 'Age', 'Prompt'
        $lines -match '^succeeded\s+bailian/happyhorse-1.0-t2v\s+5\s+\$0\.70\s+\d+s\s+two lines' | Should -HaveCount 1
        $lines -match '^failed\s+bailian/happyhorse-1.0-t2v\s+5\s+\d+s\s+forbidden' | Should -HaveCount 1
    }

    It 'keeps the start of a long prompt' {
        $lines -match 'a very long p' | Should -HaveCount 1
    }
}

Describe 'The table of models at <_> columns' -ForEach 80, 120 {
    BeforeAll {
        $width = $_
        $models = Get-ChuiziVideoModel
        $lines = Format-AtWidth $models $width | Where-Object { $_ }
    }

    It 'fits, with a line for each model' {
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        $lines.Count | Should -Be (2 + $models.Count)
    }

    It 'shows every name and kind whole' {
        foreach ($model in $models) {
            $lines -match "^$([regex]::Escape($model.Name))\s+$($model.Type)\s+$($model.MaximumDuration)\b" | Should -HaveCount 1
        }
    }
}

Describe 'What different commands give in one script' {
    It 'shows each in a table of its own' {
        $lines = Format-AtWidth @($sandbox; $videos[0]) 120
        $lines -match '127\.0\.0\.1' | Should -Not -BeNullOrEmpty
        $lines -match "^$($videos[0].Status)\b" | Should -HaveCount 1
    }
}

Describe 'The list of a video' {
    It 'names every property' {
        $text = Format-AtWidth ($videos[0] | Format-List) 120
        foreach ($name in [Chuizi.Video.Video].GetProperties().Name) {
            $text -match "^$name\s*:" | Should -HaveCount 1 -Because "$name is a property"
        }
    }
}
