@{
    RootModule           = 'Chuizi.Video.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6c1f8f0e-4b1e-4f6f-9d6b-0a4a5a3f7b52'
    Author               = 'The Chuizi.Video authors'
    CompanyName          = 'Community'
    Copyright            = '(c) The Chuizi.Video authors. MIT licence.'
    Description          = 'Makes AI videos from a list of prompts: submits them to the Chuizi API (Veo, Nova Reel, HappyHorse, Wan), waits for them and saves the MP4 files. Comes with an offline sandbox.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    RequiredAssemblies   = @('Chuizi.Video.Client.dll')
    FormatsToProcess     = @('Chuizi.Video.Format.ps1xml')
    TypesToProcess       = @('Chuizi.Video.Types.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Connect-ChuiziVideo'
        'Disconnect-ChuiziVideo'
        'Export-ChuiziVideoGallery'
        'Get-ChuiziVideo'
        'Get-ChuiziVideoAccount'
        'Get-ChuiziVideoConnection'
        'Get-ChuiziVideoModel'
        'Invoke-ChuiziVideoBatch'
        'Measure-ChuiziVideo'
        'New-ChuiziVideo'
        'Save-ChuiziVideo'
        'Set-ChuiziVideo'
        'Start-ChuiziVideoSandbox'
        'Stop-ChuiziVideoSandbox'
        'Test-ChuiziVideo'
        'Wait-ChuiziVideo'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('AI', 'Video', 'Chuizi', 'Veo', 'NovaReel', 'HappyHorse', 'Wan', 'TextToVideo', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            ProjectUri   = 'https://github.com/chuizi-ai/Chuizi.Video'
            LicenseUri   = 'https://github.com/chuizi-ai/Chuizi.Video/blob/main/LICENSE'
            IconUri      = 'https://github.com/chuizi-ai/Chuizi.Video/raw/main/docs/icon.png'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
