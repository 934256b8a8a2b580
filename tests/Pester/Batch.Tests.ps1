BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # The list is in another folder, so that the paths in it must be resolved from there.
    $list = "$TestDrive/lists"
    $null = New-Item $list -ItemType Directory
    Copy-Item "$examples/*.png", "$examples/*.jpg" $list
    # Compares lines of the summary in the output.
    function Test-Summary([hashtable] $Wanted, [Parameter(ValueFromPipeline)] $Run) {
        foreach ($name in $Wanted.Keys) {
            $Run.Lines -match "^$name +: " -replace '.* : ' | Should -Be $Wanted[$name] -Because $name
        }
    }

    $start = "Import-Module '$moduleFolder'; `$null = Start-ChuiziVideoSandbox -GenerationTime 0; Set-Location '$TestDrive'"
}

Describe 'examples/batch.ps1' {
    It 'saves the example list, reports the refused row and exits with 3' {
        Copy-Item "$examples/prompts.csv" $list
        $run = Invoke-Pwsh "$start; & '$examples/batch.ps1' lists/prompts.csv -Destination done; exit `$LASTEXITCODE"
        $run.Code | Should -Be 3
        $run | Test-Summary @{ Total = 15; Saved = 14; Failed = 1; Cost = '$11.61' }
        (Get-Content "$list/prompts.csv.log") -match ': saved ' | Should -HaveCount 14
        $run.Lines -match 'Content policy violation' | Should -Not -BeNullOrEmpty
        Get-ChildItem $TestDrive/done | Should -HaveCount 14
    }

    It 'sends nothing when it is run again, and downloads a missing file again' {
        Set-Content $list/again.csv 'Prompt,Model,Duration,FileName', 'a lake,google/veo-3.1-fast,4,lake', 'a hill,,4,hill'
        $batch = "& '$examples/batch.ps1' lists/again.csv again; (Get-ChuiziVideoAccount).Balance"
        $run = Invoke-Console "$start; $batch; Remove-Item again/hill.mp4; $batch"
        $run.Code | Should -Be 0
        $run.Lines -match '^Saved +: 2$' | Should -HaveCount 2
        $run.Lines -match '^Cost +: \$0\.72' | Should -HaveCount 2
        $run.Lines -match '^9999\.28' | Should -HaveCount 2
        (Get-ChildItem $TestDrive/again).Name | Sort-Object | Should -Be 'hill.mp4', 'lake.mp4'
        Get-Content "$list/again.csv.ledger.jsonl" | Where-Object { $_ -match '"step":"intent"' } | Should -HaveCount 2
    }

    It 'stops at -MaxCost with exit code 3, and a rerun with a higher limit finishes' {
        Set-Content $list/ceiling.csv 'Prompt,Model,Duration', 'a lake,google/veo-3.1-fast,4', 'a hill,,4'
        $batch = "& '$examples/batch.ps1' lists/ceiling.csv ceiling -Ledger ceiling.jsonl"
        $run = Invoke-Console "$start; $batch -MaxCost 0.7; `$LASTEXITCODE; $batch -MaxCost 1"
        $run.Code | Should -Be 0
        $run.Lines -match '^(Saved|Skipped) +: 1$' | Should -HaveCount 2
        $run.Lines -match '^Saved +: 2$' | Should -HaveCount 1
        $run.Lines -match '^Cost +: ' | Should -Match '\$0\.(60|72)'
        $run.Lines -contains '3' | Should -BeTrue
        "$TestDrive/ceiling.jsonl" | Should -Exist
    }

    It 'exits with 2 when the balance runs out' {
        Set-Content $list/poor.csv 'Prompt,Duration', 'a lake,4', 'a hill,4'
        $poor = $start -replace '-GenerationTime 0', '-GenerationTime 0 -Balance 0.2'
        $run = Invoke-Console "$poor; & '$examples/batch.ps1' lists/poor.csv poor"
        $run.Code | Should -Be 2
        $run | Test-Summary @{ Total = 2; Saved = 1; Skipped = 1; Cost = '$0.12' }
    }

    It 'exits with 0 when all videos are saved, and restores the location' {
        Set-Content $list/good.csv 'Prompt,Model,Image', 'The light turns,bailian/wan2.6-i2v,lighthouse.png'
        $run = Invoke-Console "$start; & '$examples/batch.ps1' lists/good.csv good; `$PWD.Path"
        $run.Code | Should -Be 0
        $run.Lines[-1] | Should -Be (Get-Item $TestDrive).FullName
        Get-ChildItem $TestDrive/good | Should -HaveCount 1
    }

    It 'saves nothing from a list with a bad row, and exits with 1' {
        Set-Content $list/bad.csv 'Prompt,Duration', 'a lake,4', 'a hill,soon'
        $run = Invoke-Console "$start; & '$examples/batch.ps1' lists/bad.csv bad"
        $run.Code | Should -Be 1
        "$($run.Lines)" | Should -Match 'Row 2'
        "$TestDrive/bad" | Should -Not -Exist
    }

    It 'fails without a connection' {
        $run = Invoke-Console "Import-Module '$moduleFolder'; Set-Content '$list/key.csv' 'Prompt', 'a lake'; & '$examples/batch.ps1' '$list/key.csv' '$TestDrive/none'"
        $run.Code | Should -Be 1
        "$($run.Lines)" | Should -Match 'No API key'
    }

    It 'fails without a list' {
        $run = Invoke-Console "$start; & '$examples/batch.ps1' lists/none.csv"
        $run.Code | Should -Be 1
        "$($run.Lines)" | Should -Match 'none\.csv'
    }
}
